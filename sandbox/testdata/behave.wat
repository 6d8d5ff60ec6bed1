;; behave does what the first byte of the input says; most of it is wrong. Build: wat2wasm behave.wat
(module
  (import "alita" "columns" (func $columns (result i32)))
  (import "alita" "length" (func $length (result i32)))
  (import "alita" "input" (func $input (param i32 i32) (result i32)))
  (import "alita" "next" (func $next (result i32)))
  (import "alita" "read" (func $read (param i32 i32 i32)))
  (import "alita" "emit" (func $emit (param i32 i32)))
  (import "alita" "fail" (func $fail (param i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (import "wasi_snapshot_preview1" "clock_time_get" (func $clock (param i32 i64 i32) (result i32)))
  (import "wasi_snapshot_preview1" "random_get" (func $random (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (global $runs (mut i64) (i64.const 0))
  (table funcref (elem
    $well $no_vector $twice $long $negative $emit_far $input_far $values_far $valid_far $before_next $after_last $column
    $fails $exits $divides $descends $turns $wasi $clock_far $random_much $emit_wraps $column_negative))
  (func $out (call $emit (i32.const 0) (call $length)))

  (func $well ;; the vector is how often run was called in this instance, the input's length, the last row's number and its cell
    (local $rows i32)
    (global.set $runs (i64.add (global.get $runs) (i64.const 1)))
    (i64.store (i32.const 0) (global.get $runs))
    (i64.store (i32.const 8) (i64.extend_i32_u (call $input (i32.const 1024) (i32.const 2))))
    (block $done
      (loop $l
        (br_if $done (i32.eqz (local.tee $rows (call $next))))
        (call $read (i32.const 0) (i32.const 2048) (i32.const 10240))
        (i64.store (i32.const 16) (i64.add (i64.load (i32.const 16)) (i64.extend_i32_u (local.get $rows))))
        (i64.store (i32.const 24) (i64.add
          (i64.load (i32.add (i32.const 2040) (i32.shl (local.get $rows) (i32.const 3))))
          (i64.mul (i64.const 1000000) (i64.load8_u (i32.add (i32.const 10239) (local.get $rows))))))
        (br $l)))
    (call $out))
  (func $no_vector)
  (func $twice (call $out) (call $out))
  (func $long (call $emit (i32.const 0) (i32.add (call $length) (i32.const 1))))
  (func $negative (i64.store (i32.const 8) (i64.const -1)) (call $out))
  (func $emit_far (call $emit (i32.const 65520) (call $length)))
  (func $emit_wraps (call $emit (i32.const -8) (call $length)))
  (func $input_far (drop (call $input (i32.const 65536) (i32.const 1))))
  (func $values_far (drop (call $next)) (call $read (i32.const 0) (i32.const 65529) (i32.const 0)))
  (func $valid_far (drop (call $next)) (call $read (i32.const 0) (i32.const 0) (i32.const 65536)))
  (func $before_next (call $read (i32.const 0) (i32.const 0) (i32.const 0)))
  (func $after_last (loop $l (br_if $l (call $next))) (call $before_next))
  (func $column (drop (call $next)) (call $read (call $columns) (i32.const 0) (i32.const 0)))
  (func $column_negative (drop (call $next)) (call $read (i32.const -1) (i32.const 0) (i32.const 0)))
  (func $fails (call $fail (i32.const -7)))
  (func $exits (call $exit (i32.const 2)))
  (func $divides (drop (i32.div_u (i32.const 1) (i32.const 0))))
  (func $descends (call $descends))
  (func $turns (loop $l (br $l)))
  (func $clock_far (drop (call $clock (i32.const 0) (i64.const 0) (i32.const 65535))))
  (func $random_much (if (call $random (i32.const 0) (i32.const 1025)) (then (call $fail (i32.const 28)))))

  (func $wasi ;; the vector is the clock, random bytes, what a write returns, and how long a poll of a second took
    (drop (call $clock (i32.const 0) (i64.const 0) (i32.const 0)))
    (drop (call $random (i32.const 8) (i32.const 7)))
    (i32.store (i32.const 104) (i32.const 5)) ;; one buffer of five bytes
    (i64.store (i32.const 16) (i64.extend_i32_u (i32.add
      (i32.mul (i32.const 100) (call $write (i32.const 1) (i32.const 100) (i32.const 1) (i32.const 200)))
      (i32.mul (i32.const 1000) (call $write (i32.const 3) (i32.const 100) (i32.const 1) (i32.const 200))))))
    (i64.store (i32.const 16) (i64.add (i64.load (i32.const 16)) (i64.load32_u (i32.const 200))))
    (i64.store (i32.const 300) (i64.const 77))            ;; tag of the subscription
    (i64.store (i32.const 324) (i64.const 1000000000))    ;; timeout
    (drop (call $poll (i32.const 300) (i32.const 400) (i32.const 1) (i32.const 500)))
    (drop (call $clock (i32.const 0) (i64.const 0) (i32.const 24)))
    (i64.store (i32.const 24) (i64.add
      (i64.sub (i64.load (i32.const 24)) (i64.load (i32.const 0)))
      (i64.add (i64.load (i32.const 400)) (i64.load32_u (i32.const 500)))))
    (call $out))

  (func (export "run")
    (drop (call $input (i32.const 1000) (i32.const 1)))
    (call_indirect (i32.load8_u (i32.const 1000)))))
