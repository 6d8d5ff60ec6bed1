;; contingency: a table of two columns, each cut into bins of equal width (for codes: width 1).
;;
;; The input's program bytes are, for each of the two columns, the lower edge of the first bin, the width of a bin and the
;; number of bins, three i64 in little-endian order, the first two in the fixed-point units of the column. A column with b
;; bins has b + 2 places: 0 to b-1 the bins, b a value outside them, b+1 a missing cell. Slot i * (b2 + 2) + j counts the
;; rows at place i of the first column and place j of the second.
;; The number of executed instructions depends on the number of rows only: the slot is chosen with select.
;;
;; Fails with 2 if the job's shape is not k = 2, L = (b1 + 2) (b2 + 2), with 3 if the input is not
;; 0 <= lower < 2^62, 1 <= width < 2^62, 1 <= bins <= 1022 for both.
(module
  (import "alita" "columns" (func $columns (result i32)))
  (import "alita" "length" (func $length (result i32)))
  (import "alita" "input" (func $input (param i32 i32) (result i32)))
  (import "alita" "next" (func $next (result i32)))
  (import "alita" "read" (func $read (param i32 i32 i32)))
  (import "alita" "emit" (func $emit (param i32 i32)))
  (import "alita" "fail" (func $fail (param i32)))

  ;; 0 and 8192: values of the two columns, 16384 and 17408: their validity, 65536: the input, 131072: up to 1024^2 slots.
  (memory (export "memory") 130 130)

  ;; 1 if the three numbers at an address are not a lower edge, a width and a number of bins.
  (func $bad (param $at i32) (result i32)
    (i32.or
      (i32.or
        (i64.ge_u (i64.load (local.get $at)) (i64.const 0x4000000000000000))
        (i64.ge_u (i64.sub (i64.load offset=8 (local.get $at)) (i64.const 1)) (i64.const 0x3fffffffffffffff)))
      (i64.ge_u (i64.sub (i64.load offset=16 (local.get $at)) (i64.const 1)) (i64.const 1022))))

  (func (export "run")
    (local $size i32) (local $own i32) (local $rows i32) (local $value i32) (local $valid i32) (local $end i32) (local $slot i32)
    (local $lower1 i64) (local $width1 i64) (local $bins1 i64)
    (local $lower2 i64) (local $width2 i64) (local $bins2 i64) (local $places2 i64)
    (local $x i64) (local $place i64) (local $i i64)

    (if (i32.ne (call $columns) (i32.const 2))
      (then (call $fail (i32.const 2))))
    ;; The length of the header stands at byte 4 of the input; the program's bytes follow the header and end the input.
    (local.set $size (call $input (i32.const 65536) (i32.const 65536)))
    (local.set $own (i32.load (i32.const 65540)))
    (if (i32.or
          (i32.lt_u (local.get $size) (i32.const 56))
          (i32.ne (local.get $own) (i32.sub (local.get $size) (i32.const 48))))
      (then (call $fail (i32.const 3))))
    (local.set $own (i32.add (local.get $own) (i32.const 65536)))
    (if (i32.or (call $bad (local.get $own)) (call $bad (i32.add (local.get $own) (i32.const 24))))
      (then (call $fail (i32.const 3))))
    (local.set $lower1 (i64.load (local.get $own)))
    (local.set $width1 (i64.load offset=8 (local.get $own)))
    (local.set $bins1 (i64.load offset=16 (local.get $own)))
    (local.set $lower2 (i64.load offset=24 (local.get $own)))
    (local.set $width2 (i64.load offset=32 (local.get $own)))
    (local.set $bins2 (i64.load offset=40 (local.get $own)))
    (local.set $places2 (i64.add (local.get $bins2) (i64.const 2)))
    (if (i64.ne
          (i64.extend_i32_u (call $length))
          (i64.mul (i64.add (local.get $bins1) (i64.const 2)) (local.get $places2)))
      (then (call $fail (i32.const 2))))

    (block $done
      (loop $batches
        (br_if $done (i32.eqz (local.tee $rows (call $next))))
        (call $read (i32.const 0) (i32.const 0) (i32.const 16384))
        (call $read (i32.const 1) (i32.const 8192) (i32.const 17408))
        (local.set $end (i32.shl (local.get $rows) (i32.const 3)))
        (local.set $value (i32.const 0))
        (local.set $valid (i32.const 16384))

        (loop $each_row
          (local.set $x (i64.sub (i64.load (local.get $value)) (local.get $lower1)))
          (local.set $place (i64.div_u (local.get $x) (local.get $width1)))
          (local.set $place
            (select (local.get $bins1) (local.get $place)
                    (i32.or (i64.lt_s (local.get $x) (i64.const 0)) (i64.ge_u (local.get $place) (local.get $bins1)))))
          (local.set $i
            (select (local.get $place) (i64.add (local.get $bins1) (i64.const 1)) (i32.load8_u (local.get $valid))))

          (local.set $x (i64.sub (i64.load offset=8192 (local.get $value)) (local.get $lower2)))
          (local.set $place (i64.div_u (local.get $x) (local.get $width2)))
          (local.set $place
            (select (local.get $bins2) (local.get $place)
                    (i32.or (i64.lt_s (local.get $x) (i64.const 0)) (i64.ge_u (local.get $place) (local.get $bins2)))))
          (local.set $place
            (select (local.get $place) (i64.add (local.get $bins2) (i64.const 1)) (i32.load8_u offset=1024 (local.get $valid))))

          (local.set $slot
            (i32.shl (i32.wrap_i64 (i64.add (i64.mul (local.get $i) (local.get $places2)) (local.get $place))) (i32.const 3)))
          (i64.store offset=131072 (local.get $slot)
            (i64.add (i64.load offset=131072 (local.get $slot)) (i64.const 1)))
          (local.set $valid (i32.add (local.get $valid) (i32.const 1)))
          (br_if $each_row
            (i32.lt_u (local.tee $value (i32.add (local.get $value) (i32.const 8))) (local.get $end))))
        (br $batches)))

    (call $emit (i32.const 131072) (call $length))))
