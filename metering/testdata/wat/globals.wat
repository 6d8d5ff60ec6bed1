;; Globals of every type, changed in a loop.
(module
  (import "alita" "emit" (func $emit (param i32 i32)))
  (memory (export "memory") 1)

  (global $a (mut i32) (i32.const 3)) (global $b (mut i64) (i64.const 4)) (global $c (mut f32) (f32.const 5)) (global $d (mut f64) (f64.const 6))
  (global $e i64 (i64.const 100)) (global $f (mut funcref) (ref.null func))
  (func (export "run")
    (loop $l
      (global.set $b (i64.add (global.get $b) (global.get $e)))
      (global.set $c (f32.mul (global.get $c) (f32.const 2)))
      (global.set $d (f64.add (global.get $d) (f64.const 0.25)))
      (br_if $l (global.set $a (i32.sub (global.get $a) (i32.const 1))) (global.get $a)))
    (i64.store (i32.const 0) (global.get $b)) (f32.store (i32.const 8) (global.get $c)) (f64.store (i32.const 16) (global.get $d))
    (i64.store (i32.const 24) (i64.extend_i32_u (ref.is_null (global.get $f))))
    (call $emit (i32.const 0) (i32.const 4))))
