;; linear: the cross products of all columns and a column of ones, for least squares.
;;
;; Column 0 is the ones, columns 1 to k are those of the job. Only rows without a missing cell count. The input's program bytes
;; are the number w of bits of a slot, 1 to 48, an i64 in little-endian order. Each number takes two slots, its lowest w bits and
;; the rest: slots 0 and 1 the rows left out because a cell is missing, then for i = 0 to k, j = i to k the sum over the
;; rows of x_i x_j. The first of these, of ones with ones, is the number of rows that count.
;; The number of executed instructions depends on rows, columns and slots only: a row that is left out is multiplied by 0, and
;; what is too large is noted and reported once, at the end. What is done for a number takes an even number of instructions, a
;; whole number for each of its two slots.
;;
;; Fails with 1 if a value is 2^32 or more or a sum 2^(2w) or more, with 2 if the job's shape is not 1 <= k <= 64,
;; L = (k + 1) (k + 2) + 2, with 3 if the input is not a w from 1 to 48.
(module
  (import "alita" "columns" (func $columns (result i32)))
  (import "alita" "length" (func $length (result i32)))
  (import "alita" "input" (func $input (param i32 i32) (result i32)))
  (import "alita" "next" (func $next (result i32)))
  (import "alita" "read" (func $read (param i32 i32 i32)))
  (import "alita" "emit" (func $emit (param i32 i32)))
  (import "alita" "fail" (func $fail (param i32)))

  ;; 0: 65 columns of 8192 bytes, 0x82000: validity of a column, 0x90000: the sums, 16 bytes each (those of the low and
  ;; of the high halves of the products), 0xa0000: the slots, 0xb0000: the input.
  (memory (export "memory") 13 13)

  (func (export "run")
    (local $k i32) (local $size i32) (local $own i32) (local $rows i32) (local $end i32)
    (local $column i32) (local $other i32) (local $last i32) (local $p i32) (local $q i32) (local $stop i32) (local $valid i32)
    (local $sum i32) (local $slot i32)
    (local $w i64) (local $mask i64) (local $x i64) (local $low i64) (local $high i64) (local $top i64) (local $left_out i64)
    (local $wide i64)  ;; all values, or-ed: one of 2^32 or more shows above bit 31
    (local $over i64)  ;; what does not fit the slots, or-ed

    (local.set $k (call $columns))
    (if (i32.or
          (i32.gt_u (i32.sub (local.get $k) (i32.const 1)) (i32.const 63))
          (i32.ne
            (call $length)
            (i32.add
              (i32.mul (i32.add (local.get $k) (i32.const 1)) (i32.add (local.get $k) (i32.const 2)))
              (i32.const 2))))
      (then (call $fail (i32.const 2))))
    ;; The length of the header stands at byte 4 of the input; the program's bytes follow the header and end the input.
    (local.set $size (call $input (i32.const 0xb0000) (i32.const 65536)))
    (local.set $own (i32.load (i32.const 0xb0004)))
    (if (i32.or
          (i32.lt_u (local.get $size) (i32.const 16))
          (i32.ne (local.get $own) (i32.sub (local.get $size) (i32.const 8))))
      (then (call $fail (i32.const 3))))
    (local.set $w (i64.load offset=0xb0000 (local.get $own)))
    (if (i64.gt_u (i64.sub (local.get $w) (i64.const 1)) (i64.const 47))
      (then (call $fail (i32.const 3))))
    (local.set $last (i32.shl (local.get $k) (i32.const 13)))

    (block $done
      (loop $batches
        (br_if $done (i32.eqz (local.tee $rows (call $next))))
        (local.set $end (i32.shl (local.get $rows) (i32.const 3)))

        ;; Ones.
        (local.set $p (i32.const 0))
        (loop $each_row
          (i64.store (local.get $p) (i64.const 1))
          (br_if $each_row
            (i32.lt_u (local.tee $p (i32.add (local.get $p) (i32.const 8))) (local.get $end))))

        ;; Read the columns; a missing cell makes the one of its row a zero.
        (local.set $column (i32.const 0))
        (loop $each_column
          (call $read
            (i32.shr_u (local.get $column) (i32.const 13))
            (i32.add (local.get $column) (i32.const 8192))
            (i32.const 0x82000))
          (local.set $p (i32.const 0))
          (local.set $q (i32.add (local.get $column) (i32.const 8192)))
          (local.set $valid (i32.const 0x82000))
          (loop $each_row
            (local.set $wide (i64.or (local.get $wide) (i64.load (local.get $q))))
            (i64.store (local.get $p)
              (i64.and (i64.load (local.get $p)) (i64.load8_u (local.get $valid))))
            (local.set $q (i32.add (local.get $q) (i32.const 8)))
            (local.set $valid (i32.add (local.get $valid) (i32.const 1)))
            (br_if $each_row
              (i32.lt_u (local.tee $p (i32.add (local.get $p) (i32.const 8))) (local.get $end))))
          (br_if $each_column
            (i32.lt_u (local.tee $column (i32.add (local.get $column) (i32.const 8192))) (local.get $last))))

        ;; Rows left out become zero.
        (local.set $column (i32.const 8192))
        (loop $each_column
          (local.set $p (i32.const 0))
          (local.set $q (local.get $column))
          (loop $each_row
            (i64.store (local.get $q) (i64.mul (i64.load (local.get $q)) (i64.load (local.get $p))))
            (local.set $q (i32.add (local.get $q) (i32.const 8)))
            (br_if $each_row
              (i32.lt_u (local.tee $p (i32.add (local.get $p) (i32.const 8))) (local.get $end))))
          (br_if $each_column
            (i32.le_u (local.tee $column (i32.add (local.get $column) (i32.const 8192))) (local.get $last))))
        (local.set $p (i32.const 0))
        (loop $each_row
          (local.set $left_out
            (i64.add (local.get $left_out) (i64.sub (i64.const 1) (i64.load (local.get $p)))))
          ;; So that the constant of the cost per row is not negative.
          (drop (i32.const 0)) (drop (i32.const 0)) (drop (i32.const 0)) (drop (i32.const 0))
          (br_if $each_row
            (i32.lt_u (local.tee $p (i32.add (local.get $p) (i32.const 8))) (local.get $end))))

        ;; The products of each pair of columns; each half of a product is summed by itself, so that no sum overflows.
        (local.set $sum (i32.const 0x90010))
        (local.set $column (i32.const 0))
        (loop $first
          (local.set $other (local.get $column))
          (loop $second
            (local.set $low (i64.load (local.get $sum)))
            (local.set $high (i64.load offset=8 (local.get $sum)))
            (local.set $stop (i32.add (local.tee $p (local.get $column)) (local.get $end)))
            (local.set $q (local.get $other))
            (loop $each_row
              (local.set $low
                (i64.add (local.get $low)
                  (i64.and
                    (local.tee $x (i64.mul (i64.load (local.get $p)) (i64.load (local.get $q))))
                    (i64.const 0xffffffff))))
              (local.set $high (i64.add (local.get $high) (i64.shr_u (local.get $x) (i64.const 32))))
              (local.set $q (i32.add (local.get $q) (i32.const 8)))
              (br_if $each_row
                (i32.lt_u (local.tee $p (i32.add (local.get $p) (i32.const 8))) (local.get $stop))))
            (i64.store (local.get $sum) (local.get $low))
            (i64.store offset=8 (local.get $sum) (local.get $high))
            (local.set $sum (i32.add (local.get $sum) (i32.const 16)))
            (br_if $second
              (i32.le_u (local.tee $other (i32.add (local.get $other) (i32.const 8192))) (local.get $last))))
          (br_if $first
            (i32.le_u (local.tee $column (i32.add (local.get $column) (i32.const 8192))) (local.get $last))))
        (br $batches)))

    ;; Each sum becomes two slots.
    (i64.store (i32.const 0x90000) (local.get $left_out))
    (local.set $mask (i64.sub (i64.shl (i64.const 1) (local.get $w)) (i64.const 1)))
    (local.set $sum (i32.const 0x90000))
    (local.set $slot (i32.const 0xa0000))
    (local.set $last (i32.add (local.get $slot) (i32.shl (call $length) (i32.const 3))))
    (loop $each_sum
      (local.set $low (i64.load (local.get $sum)))
      ;; The sum is top * 2^64 + low.
      (local.set $high (i64.add (i64.load offset=8 (local.get $sum)) (i64.shr_u (local.get $low) (i64.const 32))))
      (local.set $low
        (i64.or (i64.shl (local.get $high) (i64.const 32)) (i64.and (local.get $low) (i64.const 0xffffffff))))
      (local.set $top (i64.shr_u (local.get $high) (i64.const 32)))
      (i64.store (local.get $slot) (i64.and (local.get $low) (local.get $mask)))
      (i64.store offset=8 (local.get $slot)
        (i64.and
          (local.tee $high
            (i64.or
              (i64.shr_u (local.get $low) (local.get $w))
              (i64.shl (local.get $top) (i64.sub (i64.const 64) (local.get $w)))))
          (local.get $mask)))
      (local.set $over
        (i64.or (local.get $over)
          (i64.or (i64.shr_u (local.get $high) (local.get $w)) (i64.shr_u (local.get $top) (local.get $w)))))
      (local.set $sum (i32.add (local.get $sum) (i32.const 16)))
      (br_if $each_sum
        (i32.lt_u (local.tee $slot (i32.add (local.get $slot) (i32.const 16))) (local.get $last))))

    (if (i64.ne (i64.or (i64.shr_u (local.get $wide) (i64.const 32)) (local.get $over)) (i64.const 0))
      (then (call $fail (i32.const 1))))
    (call $emit (i32.const 0xa0000) (call $length))))
