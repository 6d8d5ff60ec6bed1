;; Loads and stores of every width.
(module
  (import "alita" "emit" (func $emit (param i32 i32)))
  (memory (export "memory") 1)

  (func (export "run")
    (i64.store (i32.const 64) (i64.const 0x8182838485868788))
    (i64.store8 (i32.const 72) (i64.const 0x1ff)) (i64.store16 (i32.const 74) (i64.const 0x2ffff)) (i64.store32 (i32.const 76) (i64.const -2))
    (i32.store (i32.const 80) (i32.const -3)) (i32.store8 (i32.const 84) (i32.const -4)) (i32.store16 offset=2 (i32.const 84) (i32.const -5))
    (f32.store (i32.const 88) (f32.const 1.5)) (f64.store (i32.const 96) (f64.const -2.5))
    (i64.store (i32.const 0) (i64.and (i64.const 0x7fffffffffffffff) (i64.xor (i64.xor (i64.load8_s (i32.const 64)) (i64.load8_u (i32.const 65)))
      (i64.xor (i64.load16_s (i32.const 66)) (i64.xor (i64.load16_u (i32.const 68)) (i64.xor (i64.load32_s (i32.const 64)) (i64.load32_u (i32.const 68))))))))
    (i64.store (i32.const 8) (i64.extend_i32_u (i32.xor (i32.xor (i32.load8_s (i32.const 64)) (i32.load8_u (i32.const 65)))
      (i32.xor (i32.load16_s (i32.const 66)) (i32.xor (i32.load16_u (i32.const 68)) (i32.load offset=4 (i32.const 72)))))))
    (i64.store (i32.const 16) (i64.extend_i32_u (i32.reinterpret_f32 (f32.load (i32.const 88)))))
    (i64.store (i32.const 24) (i64.shr_u (i64.reinterpret_f64 (f64.load (i32.const 96))) (i64.const 1)))
    (call $emit (i32.const 0) (i32.const 4))))
