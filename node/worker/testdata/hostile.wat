;; hostile counts cells and odd values, and does what a cell of 666 to 669 says. Build: wat2wasm hostile.wat
(module
  (import "alita" "next" (func $next (result i32)))
  (import "alita" "read" (func $read (param i32 i32 i32)))
  (import "alita" "emit" (func $emit (param i32 i32)))
  (import "alita" "fail" (func $fail (param i32)))
  (memory (export "memory") 1)
  (func (export "run") (local $n i32) (local $i i32) (local $v i64)
    (block $end
      (loop $batches
        (br_if $end (i32.eqz (local.tee $n (call $next))))
        (call $read (i32.const 0) (i32.const 1024) (i32.const 16384))
        (local.set $i (i32.const 0))
        (loop $rows
          (local.set $v (i64.load (i32.add (i32.const 1024) (i32.mul (local.get $i) (i32.const 8)))))
          (if (i64.eq (local.get $v) (i64.const 666)) (then (unreachable)))
          (if (i64.eq (local.get $v) (i64.const 667)) (then (loop $ever (br $ever))))
          (if (i64.eq (local.get $v) (i64.const 668)) (then (call $fail (i32.const 3))))
          (if (i64.eq (local.get $v) (i64.const 669)) (then (i64.store (i32.const 8) (i64.const 0x4000000000000000))))
          (i64.store (i32.const 0) (i64.add (i64.load (i32.const 0))
            (i64.extend_i32_u (i32.load8_u (i32.add (i32.const 16384) (local.get $i))))))
          (i64.store (i32.const 8) (i64.add (i64.load (i32.const 8)) (i64.and (local.get $v) (i64.const 1))))
          (local.set $i (i32.add (local.get $i) (i32.const 1)))
          (br_if $rows (i32.lt_u (local.get $i) (local.get $n))))
        (br $batches)))
    (call $emit (i32.const 0) (i32.const 2))))
