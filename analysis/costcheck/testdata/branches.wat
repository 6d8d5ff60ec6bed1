;; Does something more if the first value of a batch is odd.
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
        (if (i32.and (i32.load (i32.const 0)) (i32.const 1))
          (then (drop (i32.const 0))))
        (br $batches)))
    (call $emit (i32.const 16384) (i32.const 1))))
