;; linear_row: linear as a row program: the products of all centred cells and a one.
;;
;; The input's program bytes are, for each column, two i64 in little-endian order: the centre m, 0 to 2^32 - 1, and the offset h of the square, 0 to
;; 2^62. Column 0 is the ones, z_j = x_j - m_j for the others. Slot 0 counts the rows used (the host's), slot 1 those left out because a cell is
;; missing; then for i = 0 to k, j = i to k the product z_i z_j, less h_i if i = j > 0; all 0 in a row that is left out. With m = 0 and h = 0 the
;; sums are those of linear, one slot each.
;;
;; A row adds nothing if |z_j| is above 2^31. No row is computed if the job's shape is not 1 <= k <= 64, L = (k + 1) (k + 2) / 2 + 2, or the input is
;; not as above.
(module
  (memory (export "memory") 4 4)
  (global (export "window") i32 (i32.const 0x20000)) ;; up to 2147 slots
  (global (export "scratch") i32 (i32.const 520))    ;; z_0 to z_64

  (func (export "_initialize")
    (local $k i32) (local $own i32) (local $at i32) (local $bad i32)
    (local.set $k (i32.load (i32.const 0)))
    ;; The length of the header stands at byte 4 of the input; the program's bytes follow the header and end the input.
    (local.set $own (i32.load (i32.const 0xa004)))
    (if (i32.or
          (i32.or
            (i32.gt_u (i32.sub (local.get $k) (i32.const 1)) (i32.const 63))
            (i32.ne
              (i32.shl (i32.sub (i32.load (i32.const 4)) (i32.const 2)) (i32.const 1))
              (i32.mul (i32.add (local.get $k) (i32.const 1)) (i32.add (local.get $k) (i32.const 2)))))
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
    (local $own i32) (local $at i32) (local $k i32) (local $column i32) (local $cell i32) (local $slot i32)
    (local $z i32) (local $p i32) (local $q i32) (local $end i32)
    (local $here i32) (local $x i64) (local $h i64)
    (local.set $k (i32.load (i32.const 0)))
    (local.set $own (i32.add (i32.load (i32.const 0xa004)) (i32.const 0xa000)))
    (local.set $z (i32.add (i32.const 0x20000) (i32.shl (i32.load (i32.const 4)) (i32.const 3))))
    ;; The centred cells.
    (local.set $here (i32.const 1))
    (local.set $at (local.get $own))
    (i64.store (local.get $z) (i64.const 1))
    (local.set $end (local.get $z))
    (loop $each
      (local.set $here (i32.and (local.get $here) (i32.load8_u offset=0x9000 (local.get $column))))
      (local.set $x (i64.sub (i64.load offset=64 (local.get $cell)) (i64.load (local.get $at))))
      (if (i32.and (i64.gt_u (i64.add (local.get $x) (i64.const 0x80000000)) (i64.const 0x100000000)) (local.get $here))
        (then unreachable))
      (local.set $end (i32.add (local.get $end) (i32.const 8)))
      (i64.store (local.get $end) (local.get $x))
      (local.set $at (i32.add (local.get $at) (i32.const 16)))
      (local.set $cell (i32.add (local.get $cell) (i32.const 8)))
      (br_if $each
        (i32.lt_u (local.tee $column (i32.add (local.get $column) (i32.const 1))) (local.get $k))))
    (if (i32.eqz (local.get $here))
      (then
        (i64.store (i32.const 0x20008) (i64.const 1))
        return))
    ;; Their products.
    (local.set $slot (i32.const 0x20010))
    (local.set $p (local.get $z))
    (local.set $at (i32.sub (local.get $own) (i32.const 16)))
    (loop $first
      (local.set $x (i64.load (local.get $p)))
      (i64.store (local.get $slot) (i64.sub (i64.mul (local.get $x) (local.get $x)) (local.get $h)))
      (local.set $at (i32.add (local.get $at) (i32.const 16)))
      (local.set $h (i64.load offset=8 (local.get $at)))
      (local.set $slot (i32.add (local.get $slot) (i32.const 8)))
      (local.set $q (i32.add (local.get $p) (i32.const 8)))
      (if (i32.le_u (local.get $q) (local.get $end))
        (then
          (loop $second
            (i64.store (local.get $slot) (i64.mul (local.get $x) (i64.load (local.get $q))))
            (local.set $slot (i32.add (local.get $slot) (i32.const 8)))
            (br_if $second
              (i32.le_u (local.tee $q (i32.add (local.get $q) (i32.const 8))) (local.get $end))))))
      (br_if $first
        (i32.le_u (local.tee $p (i32.add (local.get $p) (i32.const 8))) (local.get $end))))))
