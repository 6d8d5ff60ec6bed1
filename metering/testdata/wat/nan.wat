;; NaNs, whose bits differ between processors unless they are made canonical: by division, root, with a payload loaded from memory,
;; and the sign of one copied.
(module
  (import "alita" "emit" (func $emit (param i32 i32)))
  (memory (export "memory") 1)

  (func $nan64 (param $x f64) (result f64) (f64.div (f64.sub (local.get $x) (local.get $x)) (f64.sub (local.get $x) (local.get $x))))
  (func $nan32 (param $x f32) (result f32) (f32.sqrt (f32.sub (local.get $x) (f32.const 8))))
  (func (export "run")
    (f64.store (i32.const 0) (call $nan64 (f64.const 7)))
    (i64.store (i32.const 8) (i64.reinterpret_f64 (f64.neg (call $nan64 (f64.const 7)))))
    (f32.store (i32.const 16) (call $nan32 (f32.const 7)))
    (i32.store (i32.const 20) (i32.reinterpret_f32 (f32.neg (call $nan32 (f32.const 7)))))
    (i64.store (i32.const 64) (i64.const 0xfff4000000000001))
    (f64.store (i32.const 64) (f64.load (i32.const 64)))
    (f64.store (i32.const 72) (f64.copysign (f64.const 3) (f64.neg (call $nan64 (f64.const 7)))))
    (f32.store (i32.const 80) (f32.copysign (f32.const 3) (f32.neg (call $nan32 (f32.const 7)))))
    (i64.store (i32.const 24) (i64.and (i64.const 0x7fffffffffffffff) (i64.xor (i64.load (i32.const 64)) (i64.xor (i64.load (i32.const 72)) (i64.load (i32.const 80))))))
    (call $emit (i32.const 0) (i32.const 4))))
