;; An unreachable that is reached.
(module
  (import "alita" "emit" (func $emit (param i32 i32)))
  (memory (export "memory") 1)

  (func (export "run") (if (i32.eqz (i32.load (i32.const 0))) (then (unreachable))) (call $emit (i32.const 0) (i32.const 4))))
