;; quantiles_row: quantiles as a row program: for each range a 1 in the slot of the value's bin.
;;
;; The input is quantiles': for each of the m ranges lower edge and width of a bin. Slot 0 counts the rows used (the host's), slot 44 i + 1 the values
;; below range i, 44 i + 2 to 44 i + 43 its bins, 44 i + 44 those above; the last slot counts the missing cells.
;;
;; A row adds nothing if its value is 2^62 or more. No row is computed if the job's shape is not k = 1, L = 44 m + 2, 1 <= m <= 64, or the input is not
;; 0 <= lower < 2^62, 1 <= width <= 2^56 - 1 for each range.
(module
  (memory (export "memory") 3 3)
  (global (export "window") i32 (i32.const 0x20000)) ;; up to 4096 slots
  (global (export "scratch") i32 (i32.const 0))

  (func (export "_initialize")
    (local $ranges i32) (local $own i32) (local $at i32) (local $bad i32)
    (local.set $ranges (i32.div_u (i32.load (i32.const 4)) (i32.const 44)))
    ;; The length of the header stands at byte 4 of the input; the program's bytes follow the header and end the input.
    (local.set $own (i32.load (i32.const 0xa004)))
    (if (i32.or
          (i32.or
            (i32.ne (i32.load (i32.const 0)) (i32.const 1))
            (i32.gt_u (i32.sub (local.get $ranges) (i32.const 1)) (i32.const 63)))
          (i32.or
            (i32.ne (i32.load (i32.const 4)) (i32.add (i32.mul (local.get $ranges) (i32.const 44)) (i32.const 2)))
            (i32.or
              (i32.gt_u (local.get $own) (i32.const 65536))
              (i32.ne (i32.load (i32.const 8)) (i32.add (local.get $own) (i32.shl (local.get $ranges) (i32.const 4)))))))
      (then unreachable))
    (local.set $at (i32.add (local.get $own) (i32.const 0xa000)))
    (loop $each
      (local.set $bad
        (i32.or (local.get $bad)
          (i32.or
            (i64.ge_u (i64.load (local.get $at)) (i64.const 0x4000000000000000))
            (i64.ge_u (i64.sub (i64.load offset=8 (local.get $at)) (i64.const 1)) (i64.const 0xffffffffffffff)))))
      (local.set $at (i32.add (local.get $at) (i32.const 16)))
      (br_if $each (local.tee $ranges (i32.sub (local.get $ranges) (i32.const 1)))))
    (if (local.get $bad) (then unreachable)))

  (func (export "row")
    (local $at i32) (local $slot i32) (local $last i32) (local $value i64) (local $x i64) (local $width i64) (local $here i64)
    (local.set $value (i64.load (i32.const 64)))
    (local.set $here (i64.load8_u (i32.const 0x9000)))
    (if (i64.ge_u (local.get $value) (i64.const 0x4000000000000000)) (then unreachable))
    (local.set $at (i32.add (i32.load (i32.const 0xa004)) (i32.const 0xa000)))
    (local.set $last (i32.shl (i32.sub (i32.load (i32.const 4)) (i32.const 2)) (i32.const 3)))
    (loop $each
      ;; A value below the first bin gives a quotient of 0 or is negative, the first bin gives 1.
      (local.set $width (i64.load offset=8 (local.get $at)))
      (local.set $x (i64.sub (local.get $value) (i64.sub (i64.load (local.get $at)) (local.get $width))))
      (local.set $x
        (i64.div_u
          (select (local.get $x) (i64.const 0) (i64.gt_s (local.get $x) (i64.const 0)))
          (local.get $width)))
      (i64.store offset=0x20008
        (i32.add (local.get $slot)
          (i32.shl
            (i32.wrap_i64 (select (local.get $x) (i64.const 43) (i64.lt_u (local.get $x) (i64.const 43))))
            (i32.const 3)))
        (local.get $here))
      (local.set $at (i32.add (local.get $at) (i32.const 16)))
      (br_if $each
        (i32.lt_u (local.tee $slot (i32.add (local.get $slot) (i32.const 352))) (local.get $last))))
    (i64.store offset=0x20008 (local.get $slot) (i64.sub (i64.const 1) (local.get $here)))))
