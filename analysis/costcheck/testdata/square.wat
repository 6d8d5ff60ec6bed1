;; Does something as often as the square of the rows of a batch.
(module
  (import "alita" "next" (func $next (result i32)))
  (import "alita" "read" (func $read (param i32 i32 i32)))
  (import "alita" "emit" (func $emit (param i32 i32)))
  (memory (export "memory") 1)
  (func (export "run")
    (local $rows i32) (local $i i32) (local $j i32)
    (block $done
      (loop $batches
        (br_if $done (i32.eqz (local.tee $rows (call $next))))
        (call $read (i32.const 0) (i32.const 0) (i32.const 8192))
        (local.set $i (local.get $rows))
        (loop $outer
          (local.set $j (local.get $rows))
          (loop $inner
            (br_if $inner (local.tee $j (i32.sub (local.get $j) (i32.const 1)))))
          (br_if $outer (local.tee $i (i32.sub (local.get $i) (i32.const 1)))))
        (br $batches)))
    (call $emit (i32.const 16384) (i32.const 1))))
