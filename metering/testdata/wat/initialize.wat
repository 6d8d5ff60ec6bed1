;; _initialize runs first and is counted.
(module
  (import "alita" "emit" (func $emit (param i32 i32)))
  (memory (export "memory") 1)

  (func (export "_initialize") (i64.store (i32.const 8) (i64.const 42)))
  (func (export "run") (i64.store (i32.const 0) (i64.add (i64.load (i32.const 8)) (i64.const 1))) (call $emit (i32.const 0) (i32.const 4))))
