;; The sign extension instructions.
(module
  (import "alita" "emit" (func $emit (param i32 i32)))
  (memory (export "memory") 1)

  (func (export "run")
    (i64.store (i32.const 0) (i64.extend_i32_u (i32.extend8_s (i32.const 0x180))))
    (i64.store (i32.const 8) (i64.extend_i32_u (i32.extend16_s (i32.const 0x18000))))
    (i64.store (i32.const 16) (i64.shr_u (i64.xor (i64.extend8_s (i64.const 0x80)) (i64.extend16_s (i64.const 0x7fff))) (i64.const 1)))
    (i64.store (i32.const 24) (i64.shr_u (i64.extend32_s (i64.const 0x80000000)) (i64.const 1)))
    (call $emit (i32.const 0) (i32.const 4))))
