;; Ifs with and without else, empty and nested.
(module
  (import "alita" "emit" (func $emit (param i32 i32)))
  (memory (export "memory") 1)

  (func $f (param $n i32) (result i64) (local $s i64)
    (if (i32.and (local.get $n) (i32.const 1)) (then (local.set $s (i64.const 1))))
    (if (i32.and (local.get $n) (i32.const 2)) (then) (else (local.set $s (i64.add (local.get $s) (i64.const 2)))))
    (if (i32.and (local.get $n) (i32.const 4))
      (then (if (i32.and (local.get $n) (i32.const 8)) (then (local.set $s (i64.add (local.get $s) (i64.const 4)))) (else (nop)))))
    (local.get $s))
  (func (export "run") (local $i i32)
    (loop $l
      (i64.store (i32.const 0) (i64.add (i64.mul (i64.load (i32.const 0)) (i64.const 8)) (call $f (local.get $i))))
      (br_if $l (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 16))))
    (call $emit (i32.const 0) (i32.const 4))))
