;; probe is a hostile row program: slots 1 and on are 1 if the row's cell is 7, and a cell of 666 to 668 traps, never ends, or leaves the range.
;; Build: wat2wasm probe.wat -o probe.wasm
(module
  (memory (export "memory") 3 3)
  (global (export "window") i32 (i32.const 0x20000))
  (global (export "scratch") i32 (i32.const 0))
  (func (export "row") (local $v i64) (local $slot i32)
    (local.set $v (i64.load (i32.const 64)))
    (if (i64.eq (local.get $v) (i64.const 666)) (then (unreachable)))
    (if (i64.eq (local.get $v) (i64.const 667)) (then (loop $ever (br $ever))))
    (if (i64.eq (local.get $v) (i64.const 668)) (then (i64.store (i32.const 0x20008) (i64.const 0x4000000000000000)) (return)))
    (if (i64.eq (local.get $v) (i64.const 7))
      (then
        (local.set $slot (i32.const 1))
        (loop $each
          (i64.store (i32.add (i32.const 0x20000) (i32.shl (local.get $slot) (i32.const 3))) (i64.const 1))
          (br_if $each
            (i32.lt_u (local.tee $slot (i32.add (local.get $slot) (i32.const 1))) (i32.load (i32.const 4)))))))))
