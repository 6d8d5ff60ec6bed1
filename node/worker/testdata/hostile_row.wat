;; hostile_row is hostile as a row program: what it does with a cell of 666 to 669 adds nothing, or is out of range. Build: wat2wasm hostile_row.wat
(module
  (memory (export "memory") 3 3)
  (global (export "window") i32 (i32.const 0x20000))
  (global (export "scratch") i32 (i32.const 0))
  (func (export "row") (local $v i64)
    (local.set $v (i64.load (i32.const 64)))
    (if (i64.eq (local.get $v) (i64.const 666)) (then (unreachable)))
    (if (i64.eq (local.get $v) (i64.const 667)) (then (loop $ever (br $ever))))
    (i64.store (i32.const 0x20008) (i64.and (local.get $v) (i64.const 1)))
    (if (i64.eq (local.get $v) (i64.const 668)) (then (i64.store (i32.const 0x20008) (i64.const -3))))
    (if (i64.eq (local.get $v) (i64.const 669)) (then (i64.store (i32.const 0x20008) (i64.const 0x4000000000000000))))))
