;; kmeans_row: kmeans as a row program: a 1 and the row's values in the slots of the nearest centroid.
;;
;; The input is kmeans': fraction bits, scales, and for each of the n centroids penalty and place. Slot 0 counts the rows used (the host's), slot 1
;; those left out because a cell is missing, slot 2 is 2^f times the smallest squared distance, rounded to a whole number; then for each centroid 1
;; for a row of its own and, for each column, its value x. All but slot 1 are 0 in a row that is left out. With two equal distances the first counts.
;;
;; A row adds nothing if a value is 2^32 or more. No row is computed if the job's shape is not 1 <= k <= 64, L = 3 + n (k + 1), L <= 4096, or the input
;; is not kmeans'.
(module
  (memory (export "memory") 4 4)
  (global (export "window") i32 (i32.const 0x20000)) ;; up to 4096 slots
  (global (export "scratch") i32 (i32.const 512))    ;; z_1 to z_64: the cells times their scales, at most 1

  (func (export "_initialize")
    (local $k i32) (local $length i32) (local $own i32) (local $at i32) (local $stop i32) (local $x f64) (local $bad i32)
    (local.set $k (i32.load (i32.const 0)))
    (local.set $length (i32.sub (i32.load (i32.const 4)) (i32.const 3)))
    (if (i32.or
          (i32.gt_u (i32.sub (local.get $k) (i32.const 1)) (i32.const 63))
          (i32.gt_u (i32.sub (local.get $length) (i32.const 1)) (i32.const 4092)))
      (then unreachable))
    (if (i32.rem_u (local.get $length) (i32.add (local.get $k) (i32.const 1)))
      (then unreachable))
    ;; The length of the header stands at byte 4 of the input; the program's bytes follow the header and end the input.
    (local.set $own (i32.load (i32.const 0xa004)))
    (if (i32.or
          (i32.gt_u (local.get $own) (i32.const 65536))
          (i32.ne
            (i32.add (local.get $own)
              (i32.shl (i32.add (i32.add (local.get $k) (local.get $length)) (i32.const 1)) (i32.const 3)))
            (i32.load (i32.const 8))))
      (then unreachable))
    (local.set $own (i32.add (local.get $own) (i32.const 0xa000)))
    (local.set $bad (i64.gt_u (i64.load (local.get $own)) (i64.const 30)))
    ;; Scales.
    (local.set $at (i32.add (local.get $own) (i32.const 8)))
    (local.set $stop (i32.add (local.get $at) (i32.shl (local.get $k) (i32.const 3))))
    (loop $each
      (local.set $x (f64.load (local.get $at)))
      (local.set $bad
        (i32.or (local.get $bad)
          (i32.eqz (i32.and
            (f64.gt (local.get $x) (f64.const 0))
            (f64.le (local.get $x) (f64.const 1))))))
      (br_if $each
        (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 8))) (local.get $stop))))
    ;; Centroids.
    (local.set $stop (i32.add (local.get $at) (i32.shl (local.get $length) (i32.const 3))))
    (loop $each
      (local.set $bad
        (i32.or (local.get $bad)
          (i32.eqz (f64.le (f64.abs (f64.load (local.get $at))) (f64.const 2)))))
      (br_if $each
        (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 8))) (local.get $stop))))
    (if (local.get $bad) (then unreachable)))

  (func (export "row")
    (local $k i32) (local $own i32) (local $at i32) (local $first i32) (local $stop i32) (local $column i32) (local $cell i32)
    (local $z i32) (local $z_end i32) (local $q i32) (local $nearest i32) (local $slot i32) (local $last i32)
    (local $here i32) (local $closer i32) (local $value i64) (local $wide i64)
    (local $x f64) (local $distance f64) (local $best f64)
    (local.set $k (i32.load (i32.const 0)))
    (local.set $own (i32.add (i32.load (i32.const 0xa004)) (i32.const 0xa000)))
    (local.set $z (i32.add (i32.const 0x20000) (i32.shl (i32.load (i32.const 4)) (i32.const 3))))
    (local.set $z_end (local.get $z))
    (local.set $here (i32.const 1))
    (local.set $at (i32.add (local.get $own) (i32.const 8)))
    (loop $each_column
      (local.set $here (i32.and (local.get $here) (i32.load8_u offset=0x9000 (local.get $column))))
      (local.set $value (i64.load offset=64 (local.get $cell)))
      (local.set $wide (i64.or (local.get $wide) (local.get $value)))
      (f64.store (local.get $z_end)
        (f64.min (f64.mul (f64.convert_i64_s (local.get $value)) (f64.load (local.get $at))) (f64.const 1)))
      (local.set $at (i32.add (local.get $at) (i32.const 8)))
      (local.set $cell (i32.add (local.get $cell) (i32.const 8)))
      (local.set $z_end (i32.add (local.get $z_end) (i32.const 8)))
      (br_if $each_column
        (i32.lt_u (local.tee $column (i32.add (local.get $column) (i32.const 1))) (local.get $k))))
    (if (i64.ne (i64.shr_u (local.get $wide) (i64.const 32)) (i64.const 0)) (then unreachable))
    (if (i32.eqz (local.get $here))
      (then
        (i64.store (i32.const 0x20008) (i64.const 1))
        return))

    (local.set $first (local.get $at))
    (local.set $stop
      (i32.add (local.get $first) (i32.shl (i32.sub (i32.load (i32.const 4)) (i32.const 3)) (i32.const 3))))
    (local.set $best (f64.const 0x1p+20))
    (loop $each_centroid
      (local.set $distance (f64.abs (f64.load (local.get $at))))
      (local.set $q (local.get $z))
      (loop $each_column
        (local.set $at (i32.add (local.get $at) (i32.const 8)))
        (local.set $x (f64.sub (f64.load (local.get $q)) (f64.load (local.get $at))))
        (local.set $distance (f64.add (local.get $distance) (f64.mul (local.get $x) (local.get $x))))
        (br_if $each_column
          (i32.lt_u (local.tee $q (i32.add (local.get $q) (i32.const 8))) (local.get $z_end))))
      (local.set $best
        (select (local.get $distance) (local.get $best)
                (local.tee $closer (f64.lt (local.get $distance) (local.get $best)))))
      (local.set $nearest (select (local.get $at) (local.get $nearest) (local.get $closer)))
      (br_if $each_centroid
        (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 8))) (local.get $stop))))

    (i64.store (i32.const 0x20010)
      (i64.trunc_sat_f64_s
        (f64.nearest
          (f64.mul (local.get $best) (f64.convert_i64_u (i64.shl (i64.const 1) (i64.load (local.get $own))))))))
    ;; The slots of the centroids lie as the centroids do; $nearest is the last place of a centroid.
    (local.set $last (i32.add (i32.sub (local.get $nearest) (local.get $first)) (i32.const 0x20018)))
    (local.set $slot (i32.sub (local.get $last) (i32.shl (local.get $k) (i32.const 3))))
    (i64.store (local.get $slot) (i64.const 1))
    (local.set $cell (i32.const 64))
    (loop $each_column
      (local.set $slot (i32.add (local.get $slot) (i32.const 8)))
      (i64.store (local.get $slot) (i64.load (local.get $cell)))
      (local.set $cell (i32.add (local.get $cell) (i32.const 8)))
      (br_if $each_column (i32.lt_u (local.get $slot) (local.get $last))))))
