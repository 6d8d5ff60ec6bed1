;; A loop that never ends: only the limit of operations ends it.
(module
  (import "alita" "emit" (func $emit (param i32 i32)))
  (memory (export "memory") 1)

  (func (export "run") (loop $l (block) (br $l)) (call $emit (i32.const 0) (i32.const 4))))
