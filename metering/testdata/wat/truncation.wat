;; Saturating truncation, of numbers beyond the range and of NaN.
(module
  (import "alita" "emit" (func $emit (param i32 i32)))
  (memory (export "memory") 1)

  (func (export "run")
    (i64.store (i32.const 0) (i64.extend_i32_u (i32.add (i32.trunc_sat_f32_s (f32.const 1e10)) (i32.trunc_sat_f32_u (f32.const -1)))))
    (i64.store (i32.const 8) (i64.extend_i32_u (i32.add (i32.trunc_sat_f64_s (f64.const nan)) (i32.trunc_sat_f64_u (f64.const 1e300)))))
    (i64.store (i32.const 16) (i64.add (i64.trunc_sat_f32_s (f32.const 3.9)) (i64.trunc_sat_f64_s (f64.const inf))))
    (i64.store (i32.const 16) (i64.shr_u (i64.load (i32.const 16)) (i64.const 1)))
    (i64.store (i32.const 24) (i64.shr_u (i64.add (i64.trunc_sat_f32_u (f32.const inf)) (i64.trunc_sat_f64_u (f64.const 7.9))) (i64.const 1)))
    (call $emit (i32.const 0) (i32.const 4))))
