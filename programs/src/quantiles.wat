;; quantiles: how many values of one column fall into the bins of each of m ranges.
;;
;; The input's program bytes are m times the lower edge of the first bin and the width of a bin, two i64 in little-endian
;; order, in the fixed-point units of the column. A range has 44 slots: 0 counts the values below its first bin, i = 1 to 42
;; those of bin i (lower + (i-1)*width up to, but without, lower + i*width), 43 those above. The last slot, 44 m, counts the
;; missing cells.
;; The number of executed instructions depends on rows and slots only: the slot is chosen with select. What is done for a range
;; takes 44 instructions, one for each of its slots; the constants that are dropped fill up.
;;
;; Fails with 1 if a value is 2^62 or more, with 2 if the job's shape is not k = 1, L = 44 m + 1, 1 <= m <= 64, with 3 if the input is not
;; 0 <= lower < 2^62, 1 <= width < 2^56 for every range.
(module
  (import "alita" "columns" (func $columns (result i32)))
  (import "alita" "length" (func $length (result i32)))
  (import "alita" "input" (func $input (param i32 i32) (result i32)))
  (import "alita" "next" (func $next (result i32)))
  (import "alita" "read" (func $read (param i32 i32 i32)))
  (import "alita" "emit" (func $emit (param i32 i32)))
  (import "alita" "fail" (func $fail (param i32)))

  ;; 0: values of the batch, 8192: their validity, 16384: the slots (2817), 65536: the input.
  (memory (export "memory") 2 2)

  (func (export "run")
    (local $ranges i32) (local $size i32) (local $own i32) (local $rows i32)
    (local $range i32) (local $last i32) (local $slots i32)
    (local $value i32) (local $valid i32) (local $end i32) (local $slot i32)
    (local $lower i64) (local $width i64) (local $x i64) (local $bad i32)
    (local $wide i64)  ;; all values, or-ed: one of 2^62 or more shows above bit 61

    (local.set $ranges (i32.div_u (call $length) (i32.const 44)))
    (if (i32.or
          (i32.or
            (i32.ne (call $columns) (i32.const 1))
            (i32.gt_u (i32.sub (local.get $ranges) (i32.const 1)) (i32.const 63)))
          (i32.ne (call $length) (i32.add (i32.mul (local.get $ranges) (i32.const 44)) (i32.const 1))))
      (then (call $fail (i32.const 2))))

    ;; The length of the header stands at byte 4 of the input; the program's bytes follow the header and end the input.
    (local.set $size (call $input (i32.const 65536) (i32.const 65536)))
    (local.set $own (i32.load (i32.const 65540)))
    (if (i32.or
          (i32.gt_u (local.get $size) (i32.const 2048))
          (i32.ne (i32.add (local.get $own) (i32.shl (local.get $ranges) (i32.const 4))) (local.get $size)))
      (then (call $fail (i32.const 3))))
    (local.set $own (i32.add (local.get $own) (i32.const 65536)))
    (local.set $last (i32.add (local.get $own) (i32.shl (local.get $ranges) (i32.const 4))))
    (local.set $range (local.get $own))
    (loop $each_range
      (local.set $bad
        (i32.or (local.get $bad)
          (i32.or
            (i64.ge_u (i64.load (local.get $range)) (i64.const 0x4000000000000000))
            (i64.ge_u (i64.sub (i64.load offset=8 (local.get $range)) (i64.const 1)) (i64.const 0xffffffffffffff)))))
      (drop (i32.const 0)) (drop (i32.const 0)) (drop (i32.const 0)) (drop (i32.const 0)) (drop (i32.const 0)) (drop (i32.const 0))
      (drop (i32.const 0)) (drop (i32.const 0)) (drop (i32.const 0)) (drop (i32.const 0)) (drop (i32.const 0)) (drop (i32.const 0))
      (drop (i32.const 0)) (drop (i32.const 0)) (drop (i32.const 0)) (drop (i32.const 0)) (drop (i32.const 0)) (drop (i32.const 0))
      (drop (i32.const 0)) (drop (i32.const 0)) (drop (i32.const 0)) (drop (i32.const 0)) (drop (i32.const 0))
      (br_if $each_range
        (i32.lt_u (local.tee $range (i32.add (local.get $range) (i32.const 16))) (local.get $last))))
    (if (local.get $bad)
      (then (call $fail (i32.const 3))))

    (block $done
      (loop $batches
        (br_if $done (i32.eqz (local.tee $rows (call $next))))
        (call $read (i32.const 0) (i32.const 0) (i32.const 8192))
        (local.set $end (i32.shl (local.get $rows) (i32.const 3)))
        (local.set $range (local.get $own))
        (local.set $slots (i32.const 16384))

        (loop $each_range
          ;; A value below the first bin gives a quotient of 0 or is negative, the first bin gives 1.
          (local.set $width (i64.load offset=8 (local.get $range)))
          (local.set $lower (i64.sub (i64.load (local.get $range)) (local.get $width)))
          (local.set $value (i32.const 0))
          (local.set $valid (i32.const 8192))
          (drop (i32.const 0)) (drop (i32.const 0)) (drop (i32.const 0)) (drop (i32.const 0)) (drop (i32.const 0)) (drop (i32.const 0))
          (drop (i32.const 0)) (drop (i32.const 0)) (drop (i32.const 0)) (drop (i32.const 0)) (drop (i32.const 0)) (drop (i32.const 0))
          (drop (i32.const 0)) (drop (i32.const 0)) (drop (i32.const 0)) (drop (i32.const 0)) (drop (i32.const 0)) (drop (i32.const 0))
          (drop (i32.const 0)) (drop (i32.const 0)) (drop (i32.const 0))
          (loop $each_row
            (local.set $x (i64.sub (i64.load (local.get $value)) (local.get $lower)))
            (local.set $x
              (i64.div_u
                (select (local.get $x) (i64.const 0) (i64.gt_s (local.get $x) (i64.const 0)))
                (local.get $width)))
            (local.set $slot
              (i32.add (local.get $slots)
                (i32.shl
                  (i32.wrap_i64 (select (local.get $x) (i64.const 43) (i64.lt_u (local.get $x) (i64.const 43))))
                  (i32.const 3))))
            (i64.store (local.get $slot)
              (i64.add (i64.load (local.get $slot)) (i64.load8_u (local.get $valid))))
            (local.set $valid (i32.add (local.get $valid) (i32.const 1)))
            (br_if $each_row
              (i32.lt_u (local.tee $value (i32.add (local.get $value) (i32.const 8))) (local.get $end))))
          (local.set $slots (i32.add (local.get $slots) (i32.const 352)))
          (br_if $each_range
            (i32.lt_u (local.tee $range (i32.add (local.get $range) (i32.const 16))) (local.get $last))))

        ;; The missing cells, in the slot after the last range.
        (local.set $value (i32.const 0))
        (local.set $valid (i32.const 8192))
        (loop $each_row
          (local.set $wide (i64.or (local.get $wide) (i64.load (local.get $value))))
          (i64.store (local.get $slots)
            (i64.add (i64.load (local.get $slots)) (i64.sub (i64.const 1) (i64.load8_u (local.get $valid)))))
          (local.set $valid (i32.add (local.get $valid) (i32.const 1)))
          (br_if $each_row
            (i32.lt_u (local.tee $value (i32.add (local.get $value) (i32.const 8))) (local.get $end))))
        (br $batches)))

    (if (i64.ne (i64.shr_u (local.get $wide) (i64.const 62)) (i64.const 0))
      (then (call $fail (i32.const 1))))
    (call $emit (i32.const 16384) (call $length))))
