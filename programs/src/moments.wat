;; moments: count, sum and sum of squares of every column.
;;
;; Slots of column c: 3c the cells present, 3c+1 the sum of their values, 3c+2 the sum of the squares.
;; The number of executed instructions depends on rows, columns and slots only, never on a value: a missing cell has the
;; value 0 and adds 0 everywhere, and an overflow is noted and reported once, at the end.
;;
;; Fails with 1 if a sum or a square left the range [0, 2^63), with 2 if the job's shape is not 1 <= k <= 2048, L = 3k.
(module
  (import "alita" "columns" (func $columns (result i32)))
  (import "alita" "length" (func $length (result i32)))
  (import "alita" "next" (func $next (result i32)))
  (import "alita" "read" (func $read (param i32 i32 i32)))
  (import "alita" "emit" (func $emit (param i32 i32)))
  (import "alita" "fail" (func $fail (param i32)))

  ;; 0: values of the batch, 8192: their validity, 16384: the slots.
  (memory (export "memory") 1 1)

  (func (export "run")
    (local $k i32) (local $rows i32) (local $column i32) (local $slots i32)
    (local $value i32) (local $valid i32) (local $end i32)
    (local $x i64) (local $count i64) (local $sum i64) (local $squares i64)
    (local $wide i64)  ;; all values, or-ed: a value of 2^32 or more shows above bit 31
    (local $over i64)  ;; all sums and squares, or-ed: one of 2^63 or more shows in bit 63

    (local.set $k (call $columns))
    (if (i32.or
          (i32.gt_u (i32.sub (local.get $k) (i32.const 1)) (i32.const 2047))
          (i32.ne (call $length) (i32.mul (local.get $k) (i32.const 3))))
      (then (call $fail (i32.const 2))))

    (block $done
      (loop $batches
        (br_if $done (i32.eqz (local.tee $rows (call $next))))
        (local.set $column (i32.const 0))
        (local.set $slots (i32.const 16384))
        (local.set $end (i32.shl (local.get $rows) (i32.const 3)))

        (loop $each_column
          (call $read (local.get $column) (i32.const 0) (i32.const 8192))
          (local.set $count (i64.load (local.get $slots)))
          (local.set $sum (i64.load offset=8 (local.get $slots)))
          (local.set $squares (i64.load offset=16 (local.get $slots)))
          (local.set $value (i32.const 0))
          (local.set $valid (i32.const 8192))

          (loop $each_row
            (local.set $x (i64.load (local.get $value)))
            (local.set $wide (i64.or (local.get $wide) (local.get $x)))
            (local.set $sum (i64.add (local.get $sum) (local.get $x)))
            (local.set $x (i64.mul (local.get $x) (local.get $x)))
            (local.set $squares (i64.add (local.get $squares) (local.get $x)))
            (local.set $over
              (i64.or (i64.or (local.get $over) (local.get $x))
                      (i64.or (local.get $sum) (local.get $squares))))
            (local.set $count (i64.add (local.get $count) (i64.load8_u (local.get $valid))))
            (local.set $valid (i32.add (local.get $valid) (i32.const 1)))
            (br_if $each_row
              (i32.lt_u (local.tee $value (i32.add (local.get $value) (i32.const 8))) (local.get $end))))

          (i64.store (local.get $slots) (local.get $count))
          (i64.store offset=8 (local.get $slots) (local.get $sum))
          (i64.store offset=16 (local.get $slots) (local.get $squares))
          (local.set $slots (i32.add (local.get $slots) (i32.const 24)))
          (br_if $each_column
            (i32.lt_u (local.tee $column (i32.add (local.get $column) (i32.const 1))) (local.get $k))))
        (br $batches)))

    (if (i32.or
          (i64.ne (i64.shr_u (local.get $wide) (i64.const 32)) (i64.const 0))
          (i64.lt_s (local.get $over) (i64.const 0)))
      (then (call $fail (i32.const 1))))
    (call $emit (i32.const 16384) (call $length))))
