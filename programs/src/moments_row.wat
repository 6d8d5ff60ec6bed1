;; moments_row: moments as a row program: for every column whether the cell is present, its centred value and its centred square.
;;
;; The input's program bytes are, for each column, two i64 in little-endian order: the centre m, 0 to 2^32 - 1, and the offset h of the square, 0 to
;; 2^62. Slot 0 counts the rows used (the host's), then for column c: 3c + 1 is 1 if the cell is present, 3c + 2 its value x - m, 3c + 3 the square
;; (x - m)^2 - h; all 0 if it is missing. With m = 0 and h = 0 the sums are those of moments.
;;
;; A row adds nothing if |x - m| is above 2^31. No row is computed if the job's shape is not 1 <= k <= 2048, L = 3k + 1, or the input is not as above.
(module
  (memory (export "memory") 4 4)
  (global (export "window") i32 (i32.const 0x20000)) ;; up to 6145 slots
  (global (export "scratch") i32 (i32.const 0))

  (func (export "_initialize")
    (local $k i32) (local $own i32) (local $at i32) (local $bad i32)
    (local.set $k (i32.load (i32.const 0)))
    ;; The length of the header stands at byte 4 of the input; the program's bytes follow the header and end the input.
    (local.set $own (i32.load (i32.const 0xa004)))
    (if (i32.or
          (i32.or
            (i32.gt_u (i32.sub (local.get $k) (i32.const 1)) (i32.const 2047))
            (i32.ne (i32.load (i32.const 4)) (i32.add (i32.mul (local.get $k) (i32.const 3)) (i32.const 1))))
          (i32.or
            (i32.gt_u (local.get $own) (i32.const 65536))
            (i32.ne (i32.load (i32.const 8)) (i32.add (local.get $own) (i32.shl (local.get $k) (i32.const 4))))))
      (then unreachable))
    (local.set $at (i32.add (local.get $own) (i32.const 0xa000)))
    (loop $each
      (local.set $bad
        (i32.or (local.get $bad)
          (i32.or
            (i64.gt_u (i64.load (local.get $at)) (i64.const 0xffffffff))
            (i64.gt_u (i64.load offset=8 (local.get $at)) (i64.const 0x4000000000000000)))))
      (local.set $at (i32.add (local.get $at) (i32.const 16)))
      (br_if $each (local.tee $k (i32.sub (local.get $k) (i32.const 1)))))
    (if (local.get $bad) (then unreachable)))

  (func (export "row")
    (local $column i32) (local $k i32) (local $at i32) (local $cell i32) (local $slot i32) (local $x i64) (local $here i64)
    (local.set $k (i32.load (i32.const 0)))
    (local.set $at (i32.add (i32.load (i32.const 0xa004)) (i32.const 0xa000)))
    (loop $each
      (local.set $here (i64.load8_u offset=0x9000 (local.get $column)))
      (local.set $x
        (i64.mul (i64.sub (i64.load offset=64 (local.get $cell)) (i64.load (local.get $at))) (local.get $here)))
      (if (i64.gt_u (i64.add (local.get $x) (i64.const 0x80000000)) (i64.const 0x100000000))
        (then unreachable))
      (i64.store offset=0x20008 (local.get $slot) (local.get $here))
      (i64.store offset=0x20010 (local.get $slot) (local.get $x))
      (i64.store offset=0x20018 (local.get $slot)
        (i64.sub (i64.mul (local.get $x) (local.get $x)) (i64.mul (i64.load offset=8 (local.get $at)) (local.get $here))))
      (local.set $at (i32.add (local.get $at) (i32.const 16)))
      (local.set $cell (i32.add (local.get $cell) (i32.const 8)))
      (local.set $slot (i32.add (local.get $slot) (i32.const 24)))
      (br_if $each
        (i32.lt_u (local.tee $column (i32.add (local.get $column) (i32.const 1))) (local.get $k))))))
