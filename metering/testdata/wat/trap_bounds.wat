;; A load beyond the memory.
(module
  (import "alita" "emit" (func $emit (param i32 i32)))
  (memory (export "memory") 1)

  (func (export "run") (i64.store (i32.const 0) (i64.load offset=65529 (i32.const 0))) (call $emit (i32.const 0) (i32.const 4))))
