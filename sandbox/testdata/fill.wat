;; fill is a row program that puts the first cell into every slot, and with a missing cell the row's number of slots. What is above 2^40 is negative
;; from there on. Build: wat2wasm fill.wat
(module
  (memory (export "memory") 3 3)
  (global (export "window") i32 (i32.const 0x20000))
  (global (export "scratch") i32 (i32.const 0))
  (func (export "row") (local $slot i32) (local $left i32) (local $x i64)
    (local.set $x (i64.load (i32.const 64)))
    (if (i32.eqz (i32.load8_u (i32.const 0x9000))) (then (local.set $x (i64.load32_u (i32.const 4)))))
    (if (i64.gt_u (local.get $x) (i64.const 0x10000000000))
      (then (local.set $x (i64.sub (i64.const 0x10000000000) (local.get $x)))))
    (local.set $left (i32.load (i32.const 4)))
    (loop $each
      (i64.store offset=0x20000 (local.get $slot) (local.get $x))
      (local.set $slot (i32.add (local.get $slot) (i32.const 8)))
      (br_if $each (local.tee $left (i32.sub (local.get $left) (i32.const 1)))))))
