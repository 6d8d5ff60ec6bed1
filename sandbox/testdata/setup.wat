;; setup is a row program that looks at its input once, before the first row: each row adds the input's second byte times its cell. If the first
;; byte is 1, the setup traps; if it is 2, it never ends. Build: wat2wasm setup.wat
(module
  (memory (export "memory") 3 3)
  (global (export "window") i32 (i32.const 0x20000))
  (global (export "scratch") i32 (i32.const 8))
  (global $factor (mut i64) (i64.const 0))
  (func (export "_initialize") (local $kind i32)
    (local.set $kind (i32.load8_u (i32.const 0xa000)))
    (if (i32.eq (local.get $kind) (i32.const 1)) (then unreachable))
    (if (i32.eq (local.get $kind) (i32.const 2)) (then (loop $ever (br $ever))))
    (global.set $factor (i64.load8_u (i32.const 0xa001)))
    (i64.store (i32.add (i32.const 0x20000) (i32.shl (i32.load (i32.const 4)) (i32.const 3))) (global.get $factor)))
  (func (export "row") (local $scratch i32)
    (local.set $scratch (i32.add (i32.const 0x20000) (i32.shl (i32.load (i32.const 4)) (i32.const 3))))
    (if (i64.ne (i64.load (local.get $scratch)) (global.get $factor)) (then unreachable))
    (i64.store (i32.const 0x20008) (i64.mul (i64.load (i32.const 64)) (global.get $factor)))
    (global.set $factor (i64.const 0))
    (i64.store (local.get $scratch) (i64.const 1))))
