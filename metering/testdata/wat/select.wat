;; Both forms of select.
(module
  (import "alita" "emit" (func $emit (param i32 i32)))
  (memory (export "memory") 1)

  (func (export "run") (local $i i32) (local $s i64)
    (loop $l
      (local.set $s (i64.add (local.get $s) (select (i64.const 3) (i64.const 5) (i32.and (local.get $i) (i32.const 1)))))
      (br_if $l (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 9))))
    (i64.store (i32.const 0) (local.get $s))
    (i64.store (i32.const 8) (select (result i64) (i64.const 1) (i64.const 2) (i32.const 0)))
    (f64.store (i32.const 16) (select (f64.const 1) (f64.const 2) (i32.const 1)))
    (i64.store (i32.const 24) (i64.extend_i32_u (ref.is_null (select (result funcref) (ref.null func) (ref.null func) (i32.const 1)))))
    (call $emit (i32.const 0) (i32.const 4))))
