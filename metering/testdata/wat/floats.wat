;; Floating-point arithmetic without NaNs: a root by Newton, rounding, minima and comparisons.
(module
  (import "alita" "emit" (func $emit (param i32 i32)))
  (memory (export "memory") 1)

  (func (export "run") (local $i i32) (local $x f64) (local $y f32)
    (local.set $x (f64.const 2)) (local.set $y (f32.const 2))
    (loop $l
      (local.set $x (f64.mul (f64.const 0.5) (f64.add (local.get $x) (f64.div (f64.const 2) (local.get $x)))))
      (local.set $y (f32.mul (f32.const 0.5) (f32.add (local.get $y) (f32.div (f32.const 3) (local.get $y)))))
      (br_if $l (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 8))))
    (f64.store (i32.const 0) (local.get $x))
    (f32.store (i32.const 8) (local.get $y))
    (f64.store (i32.const 16) (f64.add (f64.add (f64.floor (local.get $x)) (f64.ceil (local.get $x))) (f64.add (f64.nearest (local.get $x)) (f64.trunc (local.get $x)))))
    (f64.store (i32.const 24) (f64.max (f64.min (local.get $x) (f64.promote_f32 (local.get $y))) (f64.abs (f64.copysign (local.get $x) (f64.const -1)))))
    (if (f64.lt (local.get $x) (f64.const 1)) (then (unreachable)))
    (if (f32.ge (local.get $y) (f32.const 2)) (then (unreachable)))
    (call $emit (i32.const 0) (i32.const 4))))
