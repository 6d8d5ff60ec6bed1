;; A loop whose turns are calls, so that the charge is made elsewhere.
(module
  (import "alita" "emit" (func $emit (param i32 i32)))
  (memory (export "memory") 1)

  (func $nothing)
  (func (export "run") (loop $l (call $nothing) (br $l)) (call $emit (i32.const 0) (i32.const 4))))
