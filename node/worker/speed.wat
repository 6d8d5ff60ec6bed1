;; speed adds up a column, as a typical program does. MeasureSpeed runs it. Build: wat2wasm speed.wat
(module
  (import "alita" "next" (func $next (result i32)))
  (import "alita" "read" (func $read (param i32 i32 i32)))
  (import "alita" "emit" (func $emit (param i32 i32)))
  (memory (export "memory") 1)
  (func (export "run") (local $n i32) (local $i i32)
    (block $end
      (loop $batches
        (br_if $end (i32.eqz (local.tee $n (call $next))))
        (call $read (i32.const 0) (i32.const 1024) (i32.const 16384))
        (local.set $i (i32.const 0))
        (loop $rows
          (i64.store (i32.const 0) (i64.add (i64.load (i32.const 0))
            (i64.load (i32.add (i32.const 1024) (i32.mul (local.get $i) (i32.const 8))))))
          (local.set $i (i32.add (local.get $i) (i32.const 1)))
          (br_if $rows (i32.lt_u (local.get $i) (local.get $n))))
        (br $batches)))
    (call $emit (i32.const 0) (i32.const 1))))
