;; kmeans: one step of k-means: each row goes to the nearest of a number of centroids.
;;
;; A value x enters as z = min(1, x * scale); only rows without a missing cell count. The input's program bytes, all of 8 bytes
;; and little-endian:
;;   f           i64  fraction bits of the inertia, 0 to 30
;;   k times
;;     scale     f64  above 0, at most 1
;;   for each centroid:
;;     penalty   f64  its size is added to the squared distance, -2 to 2; 0 for plain k-means
;;     k times
;;       c       f64  its place, -2 to 2
;; Slots: 0 the rows left out, 1 the sum over rows of 2^f times the smallest squared distance, each rounded to a whole number, then
;; for each centroid the number of its rows and, for each column, the sum of their x. With two equal distances the first counts.
;; The number of executed instructions depends on rows, columns and slots only: the nearest centroid is chosen with select. What is done for
;; a centroid takes as many instructions as for one of its columns, so that it is a whole number for each slot; the constants that
;; are dropped fill up.
;;
;; Fails with 1 if a value is 2^32 or more or there are 2^(51-f) or 2^31 rows or more, with 2 if the job's shape is not 1 <= k <= 64,
;; L = 2 + n (k + 1), L <= 4096, with 3 if the input is not as above.
(module
  (import "alita" "columns" (func $columns (result i32)))
  (import "alita" "length" (func $length (result i32)))
  (import "alita" "input" (func $input (param i32 i32) (result i32)))
  (import "alita" "next" (func $next (result i32)))
  (import "alita" "read" (func $read (param i32 i32 i32)))
  (import "alita" "emit" (func $emit (param i32 i32)))
  (import "alita" "fail" (func $fail (param i32)))

  ;; 0: k + 1 columns of 8192 bytes, of which the first is 1 for rows that count, else 0, the others x, 0 in rows left out.
  ;; 0x84000: k columns of z. 0x104000: validity of a column. 0x110000: the slots. 0x120000: the input.
  (memory (export "memory") 19 19)

  (func (export "run")
    (local $k i32) (local $length i32) (local $size i32) (local $own i32) (local $first i32) (local $stop i32) (local $at i32)
    (local $rows i32) (local $end i32) (local $column i32) (local $last i32) (local $p i32) (local $q i32) (local $valid i32)
    (local $z i32) (local $z_end i32) (local $slot i32) (local $nearest i32) (local $last_slot i32) (local $last_place i32)
    (local $f i64) (local $mask i64) (local $all i64) (local $left_out i64) (local $inertia i64)
    (local $unit f64) (local $x f64) (local $scale f64) (local $distance f64) (local $best f64)
    (local $bad i32) (local $closer i32)
    (local $wide i64)  ;; all values, or-ed: one of 2^32 or more shows above bit 31
    (local $over i64)  ;; not 0 if there were too many rows

    (local.set $k (call $columns))
    (local.set $length (call $length))
    (if (i32.or
          (i32.gt_u (i32.sub (local.get $k) (i32.const 1)) (i32.const 63))
          (i32.gt_u (i32.sub (local.get $length) (i32.const 4)) (i32.const 4092)))
      (then (call $fail (i32.const 2))))
    (local.set $length (i32.sub (local.get $length) (i32.const 2)))
    (if (i32.rem_u (local.get $length) (i32.add (local.get $k) (i32.const 1)))
      (then (call $fail (i32.const 2))))
    ;; The length of the header stands at byte 4 of the input; the program's bytes follow the header and end the input.
    (local.set $size (call $input (i32.const 0x120000) (i32.const 65536)))
    (local.set $own (i32.load (i32.const 0x120004)))
    (if (i32.or
          (i32.gt_u (local.get $own) (i32.const 4096))
          (i32.ne
            (i32.add (local.get $own)
              (i32.shl (i32.add (i32.add (local.get $k) (local.get $length)) (i32.const 1)) (i32.const 3)))
            (local.get $size)))
      (then (call $fail (i32.const 3))))
    (local.set $own (i32.add (local.get $own) (i32.const 0x120000)))
    (local.set $f (i64.load (local.get $own)))
    (local.set $bad (i64.gt_u (local.get $f) (i64.const 30)))
    (local.set $own (i32.add (local.get $own) (i32.const 8)))
    ;; Scales.
    (local.set $at (local.get $own))
    (local.set $first (i32.add (local.get $own) (i32.shl (local.get $k) (i32.const 3))))
    (loop $each
      (local.set $x (f64.load (local.get $at)))
      (local.set $bad
        (i32.or (local.get $bad)
          (i32.eqz (i32.and
            (f64.gt (local.get $x) (f64.const 0))
            (f64.le (local.get $x) (f64.const 1))))))
      (br_if $each
        (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 8))) (local.get $first))))
    ;; Centroids.
    (local.set $stop (i32.add (local.get $first) (i32.shl (local.get $length) (i32.const 3))))
    (loop $each
      (local.set $bad
        (i32.or (local.get $bad)
          (i32.eqz (f64.le (f64.abs (f64.load (local.get $at))) (f64.const 2)))))
      (br_if $each
        (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 8))) (local.get $stop))))
    (if (local.get $bad)
      (then (call $fail (i32.const 3))))
    (local.set $unit (f64.convert_i64_u (i64.shl (i64.const 1) (local.get $f))))
    (local.set $last (i32.shl (local.get $k) (i32.const 13)))
    (local.set $last_place (i32.shl (local.get $k) (i32.const 3)))

    (block $done
      (loop $batches
        (br_if $done (i32.eqz (local.tee $rows (call $next))))
        (local.set $end (i32.shl (local.get $rows) (i32.const 3)))
        (local.set $all (i64.add (local.get $all) (i64.extend_i32_u (local.get $rows))))

        ;; Ones.
        (local.set $p (i32.const 0))
        (loop $each_row
          (i64.store (local.get $p) (i64.const 1))
          (br_if $each_row
            (i32.lt_u (local.tee $p (i32.add (local.get $p) (i32.const 8))) (local.get $end))))

        ;; Read the columns; a missing cell makes the one of its row a zero.
        (local.set $column (i32.const 0))
        (local.set $at (local.get $own))
        (local.set $z (i32.const 0x84000))
        (loop $each_column
          (local.set $q (i32.add (local.get $column) (i32.const 8192)))
          (call $read (i32.shr_u (local.get $column) (i32.const 13)) (local.get $q) (i32.const 0x104000))
          (local.set $scale (f64.load (local.get $at)))
          (local.set $p (i32.const 0))
          (local.set $valid (i32.const 0x104000))
          (loop $each_row
            (local.set $wide (i64.or (local.get $wide) (i64.load (local.get $q))))
            (f64.store offset=0x84000 (local.get $column)
              (f64.min
                (f64.mul (f64.convert_i64_s (i64.load (local.get $q))) (local.get $scale))
                (f64.const 1)))
            (i64.store (local.get $p)
              (i64.and (i64.load (local.get $p)) (i64.load8_u (local.get $valid))))
            (local.set $valid (i32.add (local.get $valid) (i32.const 1)))
            (local.set $q (i32.add (local.get $q) (i32.const 8)))
            (local.set $column (i32.add (local.get $column) (i32.const 8)))
            (br_if $each_row
              (i32.lt_u (local.tee $p (i32.add (local.get $p) (i32.const 8))) (local.get $end))))
          (local.set $column (i32.add (i32.sub (local.get $column) (local.get $end)) (i32.const 8192)))
          (local.set $at (i32.add (local.get $at) (i32.const 8)))
          (br_if $each_column
            (i32.lt_u (local.get $column) (local.get $last))))

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
          (local.set $z (i32.add (local.get $p) (i32.const 0x84000)))
          (local.set $z_end (i32.add (local.get $z) (local.get $last)))
          (local.set $best (f64.const 0x1p+20))
          (local.set $at (local.get $first))
          (loop $each_centroid
            (local.set $distance (f64.abs (f64.load (local.get $at))))
            (local.set $q (local.get $z))
            (loop $each_column
              (local.set $at (i32.add (local.get $at) (i32.const 8)))
              (local.set $x (f64.sub (f64.load (local.get $q)) (f64.load (local.get $at))))
              (local.set $distance
                (f64.add (local.get $distance) (f64.mul (local.get $x) (local.get $x))))
              (drop (i32.const 0)) (drop (i32.const 0)) (drop (i32.const 0))
              (br_if $each_column
                (i32.lt_u (local.tee $q (i32.add (local.get $q) (i32.const 8192))) (local.get $z_end))))
            (local.set $best
              (select (local.get $distance) (local.get $best)
                      (local.tee $closer (f64.lt (local.get $distance) (local.get $best)))))
            (local.set $nearest (select (local.get $at) (local.get $nearest) (local.get $closer)))
            (br_if $each_centroid
              (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 8))) (local.get $stop))))

          (local.set $mask (i64.load (local.get $p)))
          (local.set $left_out (i64.add (local.get $left_out) (i64.sub (i64.const 1) (local.get $mask))))
          (local.set $inertia
            (i64.add (local.get $inertia)
              (i64.mul (local.get $mask)
                (i64.trunc_sat_f64_s (f64.nearest (f64.mul (local.get $best) (local.get $unit)))))))
          ;; The row's one and its values go to the slots of its centroid, which lie as the centroids do; $nearest is the last
          ;; place of a centroid.
          (local.set $q (local.get $p))
          (local.set $last_slot
            (i32.add (i32.sub (local.get $nearest) (local.get $first)) (i32.const 0x110010)))
          (local.set $slot
            (i32.sub (local.get $last_slot) (local.get $last_place)))
          (loop $each_column
            (i64.store (local.get $slot)
              (i64.add (i64.load (local.get $slot)) (i64.load (local.get $q))))
            (local.set $q (i32.add (local.get $q) (i32.const 8192)))
            (br_if $each_column
              (i32.le_u (local.tee $slot (i32.add (local.get $slot) (i32.const 8))) (local.get $last_slot))))
          (br_if $each_row
            (i32.lt_u (local.tee $p (i32.add (local.get $p) (i32.const 8))) (local.get $end))))

        ;; A row gives less than 2^(f+12) to the inertia and less than 2^32 to a sum.
        (local.set $over
          (i64.or (local.get $over)
            (i64.or
              (i64.shr_u (local.get $all) (i64.sub (i64.const 51) (local.get $f)))
              (i64.shr_u (local.get $all) (i64.const 31)))))
        (br $batches)))

    (i64.store (i32.const 0x110000) (local.get $left_out))
    (i64.store (i32.const 0x110008) (local.get $inertia))
    (if (i64.ne (i64.or (i64.shr_u (local.get $wide) (i64.const 32)) (local.get $over)) (i64.const 0))
      (then (call $fail (i32.const 1))))
    (call $emit (i32.const 0x110000) (call $length))))
