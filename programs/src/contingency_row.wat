;; contingency_row: contingency as a row program: a 1 in the slot of the pair of bins.
;;
;; The input is contingency's: for each of the two columns lower edge, width and number of bins. Slot 0 counts the rows used (the host's), slot
;; 1 + i (b2 + 2) + j those at place i of the first column and place j of the second.
;;
;; No row is computed if the job's shape is not k = 2, L = (b1 + 2) (b2 + 2) + 1 <= 65536, or the input is not 0 <= lower < 2^62, 1 <= width < 2^62,
;; 1 <= bins <= 1022 for both.
(module
  (memory (export "memory") 17 17)
  (global (export "window") i32 (i32.const 0x80000)) ;; up to 65536 slots
  (global (export "scratch") i32 (i32.const 0))

  ;; 1 if the three numbers at an address are not a lower edge, a width and a number of bins.
  (func $bad (param $at i32) (result i32)
    (i32.or
      (i32.or
        (i64.ge_u (i64.load (local.get $at)) (i64.const 0x4000000000000000))
        (i64.ge_u (i64.sub (i64.load offset=8 (local.get $at)) (i64.const 1)) (i64.const 0x3fffffffffffffff)))
      (i64.ge_u (i64.sub (i64.load offset=16 (local.get $at)) (i64.const 1)) (i64.const 1022))))

  (func (export "_initialize") (local $own i32)
    ;; The length of the header stands at byte 4 of the input; the program's bytes follow the header and end the input.
    (local.set $own (i32.load (i32.const 0xa004)))
    (if (i32.or
          (i32.ne (i32.load (i32.const 0)) (i32.const 2))
          (i32.or
            (i32.lt_u (i32.load (i32.const 8)) (i32.const 56))
            (i32.ne (local.get $own) (i32.sub (i32.load (i32.const 8)) (i32.const 48)))))
      (then unreachable))
    (local.set $own (i32.add (local.get $own) (i32.const 0xa000)))
    (if (i32.or (call $bad (local.get $own)) (call $bad (i32.add (local.get $own) (i32.const 24))))
      (then unreachable))
    (if (i64.ne
          (i64.extend_i32_u (i32.load (i32.const 4)))
          (i64.add
            (i64.mul
              (i64.add (i64.load offset=16 (local.get $own)) (i64.const 2))
              (i64.add (i64.load offset=40 (local.get $own)) (i64.const 2)))
            (i64.const 1)))
      (then unreachable)))

  (func (export "row")
    (local $own i32) (local $bins i64) (local $x i64) (local $place i64) (local $i i64)
    (local.set $own (i32.load (i32.const 0xa004)))
    (local.set $bins (i64.load offset=0xa010 (local.get $own)))
    (local.set $x (i64.sub (i64.load (i32.const 64)) (i64.load offset=0xa000 (local.get $own))))
    (local.set $place (i64.div_u (local.get $x) (i64.load offset=0xa008 (local.get $own))))
    (local.set $place
      (select (local.get $bins) (local.get $place)
              (i32.or (i64.lt_s (local.get $x) (i64.const 0)) (i64.ge_u (local.get $place) (local.get $bins)))))
    (local.set $i
      (select (local.get $place) (i64.add (local.get $bins) (i64.const 1)) (i32.load8_u (i32.const 0x9000))))

    (local.set $bins (i64.load offset=0xa028 (local.get $own)))
    (local.set $x (i64.sub (i64.load (i32.const 72)) (i64.load offset=0xa018 (local.get $own))))
    (local.set $place (i64.div_u (local.get $x) (i64.load offset=0xa020 (local.get $own))))
    (local.set $place
      (select (local.get $bins) (local.get $place)
              (i32.or (i64.lt_s (local.get $x) (i64.const 0)) (i64.ge_u (local.get $place) (local.get $bins)))))
    (local.set $place
      (select (local.get $place) (i64.add (local.get $bins) (i64.const 1)) (i32.load8_u (i32.const 0x9001))))

    (i64.store offset=0x80008
      (i32.shl
        (i32.wrap_i64 (i64.add (i64.mul (local.get $i) (i64.add (local.get $bins) (i64.const 2))) (local.get $place)))
        (i32.const 3))
      (i64.const 1))))
