;; histogram_row: histogram as a row program: a 1 in the slot of the value's bin.
;;
;; The input is histogram's: lower edge and width of a bin. With L slots there are L - 4 bins: slot 0 counts the rows used (the host's), slot 1 the
;; values below the first bin, slot 1 + i those of bin i from 1 on, slot L - 2 those above, slot L - 1 the missing cells.
;;
;; No row is computed if the job's shape is not k = 1, 5 <= L <= 65536, or the input is not 0 <= lower < 2^62, 1 <= width < 2^62.
(module
  (memory (export "memory") 17 17)
  (global (export "window") i32 (i32.const 0x80000)) ;; up to 65536 slots
  (global (export "scratch") i32 (i32.const 0))

  (func (export "_initialize") (local $own i32)
    ;; The length of the header stands at byte 4 of the input; the program's bytes follow the header and end the input.
    (local.set $own (i32.load (i32.const 0xa004)))
    (if (i32.or
          (i32.or
            (i32.ne (i32.load (i32.const 0)) (i32.const 1))
            (i32.gt_u (i32.sub (i32.load (i32.const 4)) (i32.const 5)) (i32.const 65531)))
          (i32.or
            (i32.lt_u (i32.load (i32.const 8)) (i32.const 24))
            (i32.ne (local.get $own) (i32.sub (i32.load (i32.const 8)) (i32.const 16)))))
      (then unreachable))
    (if (i32.or
          (i64.ge_u (i64.load offset=0xa000 (local.get $own)) (i64.const 0x4000000000000000))
          (i64.ge_u (i64.sub (i64.load offset=0xa008 (local.get $own)) (i64.const 1)) (i64.const 0x3fffffffffffffff)))
      (then unreachable)))

  (func (export "row")
    (local $own i32) (local $bins i64) (local $x i64) (local $bin i64)
    (local.set $own (i32.load (i32.const 0xa004)))
    (local.set $bins (i64.extend_i32_u (i32.sub (i32.load (i32.const 4)) (i32.const 4))))
    (local.set $x (i64.sub (i64.load (i32.const 64)) (i64.load offset=0xa000 (local.get $own))))
    (local.set $bin (i64.div_u (local.get $x) (i64.load offset=0xa008 (local.get $own))))
    (local.set $bin
      (select (i64.add (local.get $bins) (i64.const 1)) (i64.add (local.get $bin) (i64.const 1))
              (i64.ge_u (local.get $bin) (local.get $bins))))
    (local.set $bin (select (i64.const 0) (local.get $bin) (i64.lt_s (local.get $x) (i64.const 0))))
    (local.set $bin
      (select (local.get $bin) (i64.add (local.get $bins) (i64.const 2)) (i32.load8_u (i32.const 0x9000))))
    (i64.store offset=0x80008 (i32.shl (i32.wrap_i64 (local.get $bin)) (i32.const 3)) (i64.const 1))))
