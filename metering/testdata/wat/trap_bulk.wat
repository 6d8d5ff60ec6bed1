;; A fill of nearly 4 GiB: charged as unsigned, 67,108,863 operations, then a trap.
(module
  (import "alita" "emit" (func $emit (param i32 i32)))
  (memory (export "memory") 1)

  (func (export "run") (memory.fill (i32.const 0) (i32.const 1) (i32.const -1)) (call $emit (i32.const 0) (i32.const 4))))
