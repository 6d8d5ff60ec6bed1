;; A division by zero after some work.
(module
  (import "alita" "emit" (func $emit (param i32 i32)))
  (memory (export "memory") 1)

  (func (export "run") (local $i i32)
    (loop $l (br_if $l (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 9))))
    (i64.store (i32.const 0) (i64.div_u (i64.const 1) (i64.load (i32.const 8))))
    (call $emit (i32.const 0) (i32.const 4))))
