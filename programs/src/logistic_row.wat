;; logistic_row: logistic as a row program: what one row gives to the gradient, the information matrix and the log-likelihood.
;;
;; The input is logistic's: fraction bits f, bits of a slot (not used here), shift and scale of each predictor, and the coefficients. Slot 0 counts the
;; rows used (the host's), slot 1 is 1 for a row that counts and slot 2 for one that is left out because a cell is missing; slot 3 is 2^(f-6) times
;; -(y ln p + (1 - y) ln(1 - p)), slots 4 to k + 3 are 2^f (y - p) z_j, then for i = 0 to k - 1, j = i to k - 1 2^f p (1 - p) z_i z_j, all rounded to
;; whole numbers and 0 in a row that is left out. The sums are those of logistic but for the 2^(b-1) in the gradient, since a slot may be negative.
;; The arithmetic is logistic's, operation by operation.
;;
;; A row adds nothing if its response is above 1 or a predictor 2^52 or more. No row is computed if the job's shape is not 2 <= k <= 64,
;; L = k (k + 1) / 2 + k + 4, or the input is not logistic's.
(module
  (memory (export "memory") 4 4)
  (global (export "window") i32 (i32.const 0x20000)) ;; up to 2148 slots
  (global (export "scratch") i32 (i32.const 512))    ;; z_0 to z_63

  ;; The natural logarithm of an integer from 1 to 2^53: 2^e m with m from 0.7 to 1.42, ln m = 2 (s + s^3/3 + s^5/5 ...), s = (m-1)/(m+1).
  ;; Some number for 0.
  (func $ln (param $u i64) (result f64)
    (local $shift i64) (local $e f64) (local $m f64) (local $s f64) (local $q f64) (local $sum f64) (local $big i32)
    (local.set $shift (i64.clz (local.get $u)))
    (local.set $m
      (f64.reinterpret_i64
        (i64.or
          (i64.and
            (i64.shr_u (i64.shl (local.get $u) (local.get $shift)) (i64.const 11))
            (i64.const 0xfffffffffffff))
          (i64.const 0x3ff0000000000000))))
    (local.set $big (f64.gt (local.get $m) (f64.const 0x1.6a09e667f3bcdp+0)))
    (local.set $e
      (f64.convert_i64_s
        (i64.add (i64.sub (i64.const 63) (local.get $shift)) (i64.extend_i32_u (local.get $big)))))
    (local.set $m (select (f64.mul (local.get $m) (f64.const 0.5)) (local.get $m) (local.get $big)))
    (local.set $s (f64.div (f64.sub (local.get $m) (f64.const 1)) (f64.add (local.get $m) (f64.const 1))))
    (local.set $q (f64.mul (local.get $s) (local.get $s)))
    (local.set $sum (f64.const 0x1.642c8590b2164p-5))
    (local.set $sum (f64.add (f64.mul (local.get $sum) (local.get $q)) (f64.const 0x1.8618618618618p-5)))
    (local.set $sum (f64.add (f64.mul (local.get $sum) (local.get $q)) (f64.const 0x1.af286bca1af28p-5)))
    (local.set $sum (f64.add (f64.mul (local.get $sum) (local.get $q)) (f64.const 0x1.e1e1e1e1e1e1ep-5)))
    (local.set $sum (f64.add (f64.mul (local.get $sum) (local.get $q)) (f64.const 0x1.1111111111111p-4)))
    (local.set $sum (f64.add (f64.mul (local.get $sum) (local.get $q)) (f64.const 0x1.3b13b13b13b14p-4)))
    (local.set $sum (f64.add (f64.mul (local.get $sum) (local.get $q)) (f64.const 0x1.745d1745d1746p-4)))
    (local.set $sum (f64.add (f64.mul (local.get $sum) (local.get $q)) (f64.const 0x1.c71c71c71c71cp-4)))
    (local.set $sum (f64.add (f64.mul (local.get $sum) (local.get $q)) (f64.const 0x1.2492492492492p-3)))
    (local.set $sum (f64.add (f64.mul (local.get $sum) (local.get $q)) (f64.const 0x1.999999999999ap-3)))
    (local.set $sum (f64.add (f64.mul (local.get $sum) (local.get $q)) (f64.const 0x1.5555555555555p-2)))
    (local.set $sum (f64.mul (f64.mul (f64.add (local.get $s) (local.get $s)) (local.get $q)) (local.get $sum)))
    (f64.add
      (f64.mul (local.get $e) (f64.const 0x1.62e42fee00000p-1))
      (f64.add
        (f64.add (local.get $s) (local.get $s))
        (f64.add (f64.mul (local.get $e) (f64.const 0x1.a39ef35793c76p-33)) (local.get $sum)))))

  ;; exp(-a) for a from 0 to 40: 2^n exp(r) with r from -0.35 to 0.35, and the Taylor series of exp(r).
  (func $exp_minus (param $a f64) (result f64)
    (local $n f64) (local $r f64) (local $sum f64)
    (local.set $n (f64.nearest (f64.mul (local.get $a) (f64.const -0x1.71547652b82fep+0))))
    (local.set $r
      (f64.sub
        (f64.sub (f64.neg (local.get $a)) (f64.mul (local.get $n) (f64.const 0x1.62e42fee00000p-1)))
        (f64.mul (local.get $n) (f64.const 0x1.a39ef35793c76p-33))))
    (local.set $sum (f64.const 0x1.6124613a86d09p-33))
    (local.set $sum (f64.add (f64.mul (local.get $sum) (local.get $r)) (f64.const 0x1.1eed8eff8d898p-29)))
    (local.set $sum (f64.add (f64.mul (local.get $sum) (local.get $r)) (f64.const 0x1.ae64567f544e4p-26)))
    (local.set $sum (f64.add (f64.mul (local.get $sum) (local.get $r)) (f64.const 0x1.27e4fb7789f5cp-22)))
    (local.set $sum (f64.add (f64.mul (local.get $sum) (local.get $r)) (f64.const 0x1.71de3a556c734p-19)))
    (local.set $sum (f64.add (f64.mul (local.get $sum) (local.get $r)) (f64.const 0x1.a01a01a01a01ap-16)))
    (local.set $sum (f64.add (f64.mul (local.get $sum) (local.get $r)) (f64.const 0x1.a01a01a01a01ap-13)))
    (local.set $sum (f64.add (f64.mul (local.get $sum) (local.get $r)) (f64.const 0x1.6c16c16c16c17p-10)))
    (local.set $sum (f64.add (f64.mul (local.get $sum) (local.get $r)) (f64.const 0x1.1111111111111p-7)))
    (local.set $sum (f64.add (f64.mul (local.get $sum) (local.get $r)) (f64.const 0x1.5555555555555p-5)))
    (local.set $sum (f64.add (f64.mul (local.get $sum) (local.get $r)) (f64.const 0x1.5555555555555p-3)))
    (local.set $sum (f64.add (f64.mul (local.get $sum) (local.get $r)) (f64.const 0x1.0000000000000p-1)))
    (local.set $sum (f64.add (f64.mul (local.get $sum) (local.get $r)) (f64.const 0x1.0000000000000p+0)))
    (local.set $sum (f64.add (f64.mul (local.get $sum) (local.get $r)) (f64.const 0x1.0000000000000p+0)))
    (f64.mul
      (local.get $sum)
      (f64.reinterpret_i64
        (i64.shl (i64.add (i64.trunc_sat_f64_s (local.get $n)) (i64.const 1023)) (i64.const 52)))))

  ;; ln(1 + t) for t from 0 to 1: 2 (s + s^3/3 + s^5/5 ...), s = t / (2 + t).
  (func $ln_one_plus (param $t f64) (result f64)
    (local $s f64) (local $q f64) (local $sum f64)
    (local.set $s (f64.div (local.get $t) (f64.add (local.get $t) (f64.const 2))))
    (local.set $q (f64.mul (local.get $s) (local.get $s)))
    (local.set $sum (f64.const 0x1.d41d41d41d41dp-6))
    (local.set $sum (f64.add (f64.mul (local.get $sum) (local.get $q)) (f64.const 0x1.f07c1f07c1f08p-6)))
    (local.set $sum (f64.add (f64.mul (local.get $sum) (local.get $q)) (f64.const 0x1.0842108421084p-5)))
    (local.set $sum (f64.add (f64.mul (local.get $sum) (local.get $q)) (f64.const 0x1.1a7b9611a7b96p-5)))
    (local.set $sum (f64.add (f64.mul (local.get $sum) (local.get $q)) (f64.const 0x1.2f684bda12f68p-5)))
    (local.set $sum (f64.add (f64.mul (local.get $sum) (local.get $q)) (f64.const 0x1.47ae147ae147bp-5)))
    (local.set $sum (f64.add (f64.mul (local.get $sum) (local.get $q)) (f64.const 0x1.642c8590b2164p-5)))
    (local.set $sum (f64.add (f64.mul (local.get $sum) (local.get $q)) (f64.const 0x1.8618618618618p-5)))
    (local.set $sum (f64.add (f64.mul (local.get $sum) (local.get $q)) (f64.const 0x1.af286bca1af28p-5)))
    (local.set $sum (f64.add (f64.mul (local.get $sum) (local.get $q)) (f64.const 0x1.e1e1e1e1e1e1ep-5)))
    (local.set $sum (f64.add (f64.mul (local.get $sum) (local.get $q)) (f64.const 0x1.1111111111111p-4)))
    (local.set $sum (f64.add (f64.mul (local.get $sum) (local.get $q)) (f64.const 0x1.3b13b13b13b14p-4)))
    (local.set $sum (f64.add (f64.mul (local.get $sum) (local.get $q)) (f64.const 0x1.745d1745d1746p-4)))
    (local.set $sum (f64.add (f64.mul (local.get $sum) (local.get $q)) (f64.const 0x1.c71c71c71c71cp-4)))
    (local.set $sum (f64.add (f64.mul (local.get $sum) (local.get $q)) (f64.const 0x1.2492492492492p-3)))
    (local.set $sum (f64.add (f64.mul (local.get $sum) (local.get $q)) (f64.const 0x1.999999999999ap-3)))
    (local.set $sum (f64.add (f64.mul (local.get $sum) (local.get $q)) (f64.const 0x1.5555555555555p-2)))
    (local.set $sum (f64.add (f64.mul (local.get $sum) (local.get $q)) (f64.const 0x1.0000000000000p+0)))
    (f64.mul (f64.add (local.get $s) (local.get $s)) (local.get $sum)))

  (func (export "_initialize")
    (local $k i32) (local $own i32) (local $at i32) (local $stop i32) (local $x f64) (local $bad i32)
    (local.set $k (i32.load (i32.const 0)))
    ;; The length of the header stands at byte 4 of the input; the program's bytes, 24 k, follow the header and end the input.
    (local.set $own (i32.load (i32.const 0xa004)))
    (if (i32.or
          (i32.or
            (i32.gt_u (i32.sub (local.get $k) (i32.const 2)) (i32.const 62))
            (i32.ne
              (i32.load (i32.const 4))
              (i32.add
                (i32.shr_u (i32.mul (local.get $k) (i32.add (local.get $k) (i32.const 1))) (i32.const 1))
                (i32.add (local.get $k) (i32.const 4)))))
          (i32.or
            (i32.gt_u (local.get $own) (i32.const 65536))
            (i32.ne (i32.add (local.get $own) (i32.mul (local.get $k) (i32.const 24))) (i32.load (i32.const 8)))))
      (then unreachable))
    (local.set $own (i32.add (local.get $own) (i32.const 0xa000)))
    (local.set $bad
      (i32.or
        (i64.gt_u (i64.sub (i64.load (local.get $own)) (i64.const 8)) (i64.const 38))
        (i64.gt_u (i64.sub (i64.load offset=8 (local.get $own)) (i64.const 9)) (i64.const 53))))
    ;; Shifts and scales.
    (local.set $at (i32.add (local.get $own) (i32.const 16)))
    (local.set $stop (i32.add (local.get $at) (i32.shl (i32.sub (local.get $k) (i32.const 1)) (i32.const 4))))
    (loop $each
      (local.set $x (f64.load offset=8 (local.get $at)))
      (local.set $bad
        (i32.or (local.get $bad)
          (i32.or
            (i64.gt_u (i64.load (local.get $at)) (i64.const 0x10000000000))
            (i32.eqz (i32.and
              (f64.gt (local.get $x) (f64.const 0))
              (f64.le (local.get $x) (f64.const 0x1p+40)))))))
      (br_if $each
        (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 16))) (local.get $stop))))
    ;; Coefficients.
    (local.set $stop (i32.add (local.get $at) (i32.shl (local.get $k) (i32.const 3))))
    (loop $each
      (local.set $bad
        (i32.or (local.get $bad)
          (i32.eqz (f64.le (f64.abs (f64.load (local.get $at))) (f64.const 0x1p+40)))))
      (br_if $each
        (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 8))) (local.get $stop))))
    (if (local.get $bad) (then unreachable)))

  (func (export "row")
    (local $k i32) (local $own i32) (local $at i32) (local $beta i32) (local $column i32) (local $cell i32)
    (local $z i32) (local $z_end i32) (local $p i32) (local $q i32) (local $slot i32) (local $here i32)
    (local $u i64) (local $shift i64) (local $wide i64)
    (local $unit f64) (local $x f64) (local $eta f64) (local $y f64) (local $t f64) (local $h f64) (local $g f64) (local $w f64)
    (local.set $k (i32.load (i32.const 0)))
    (local.set $own (i32.add (i32.load (i32.const 0xa004)) (i32.const 0xa000)))
    (if (i64.gt_u (i64.load (i32.const 64)) (i64.const 1)) (then unreachable))
    (local.set $here (i32.load8_u (i32.const 0x9000)))
    ;; z_0, the predictors, transformed and scaled, and eta.
    (local.set $z (i32.add (i32.const 0x20000) (i32.shl (i32.load (i32.const 4)) (i32.const 3))))
    (f64.store (local.get $z) (f64.const 1))
    (local.set $z_end (local.get $z))
    (local.set $at (i32.add (local.get $own) (i32.const 16)))
    (local.set $beta (i32.add (local.get $at) (i32.shl (i32.sub (local.get $k) (i32.const 1)) (i32.const 4))))
    (local.set $eta (f64.load (local.get $beta)))
    (local.set $column (i32.const 1))
    (local.set $cell (i32.const 8))
    (loop $each_column
      (local.set $here (i32.and (local.get $here) (i32.load8_u offset=0x9000 (local.get $column))))
      (local.set $u (i64.load offset=64 (local.get $cell)))
      (local.set $wide (i64.or (local.get $wide) (local.get $u)))
      (local.set $shift (i64.load (local.get $at)))
      (local.set $u (i64.add (local.get $u) (local.get $shift)))
      (local.set $x
        (f64.min
          (f64.mul
            (select
              (f64.convert_i64_s (local.get $u))
              (call $ln (local.get $u))
              (i64.eqz (local.get $shift)))
            (f64.load offset=8 (local.get $at)))
          (f64.const 1)))
      (local.set $z_end (i32.add (local.get $z_end) (i32.const 8)))
      (f64.store (local.get $z_end) (local.get $x))
      (local.set $beta (i32.add (local.get $beta) (i32.const 8)))
      (local.set $eta (f64.add (local.get $eta) (f64.mul (f64.load (local.get $beta)) (local.get $x))))
      (local.set $at (i32.add (local.get $at) (i32.const 16)))
      (local.set $cell (i32.add (local.get $cell) (i32.const 8)))
      (br_if $each_column
        (i32.lt_u (local.tee $column (i32.add (local.get $column) (i32.const 1))) (local.get $k))))
    (if (i64.ne (i64.shr_u (local.get $wide) (i64.const 52)) (i64.const 0)) (then unreachable))
    (if (i32.eqz (local.get $here))
      (then
        (i64.store (i32.const 0x20010) (i64.const 1))
        return))

    ;; With t = exp(-|eta|), h = 1 / (1 + t): p is h or t h, p (1 - p) is t h^2, -ln of the likelihood is max(eta, 0) - y eta + ln(1 + t).
    (i64.store (i32.const 0x20008) (i64.const 1))
    (local.set $unit (f64.convert_i64_u (i64.shl (i64.const 1) (i64.load (local.get $own)))))
    (local.set $eta (f64.min (f64.max (local.get $eta) (f64.const -40)) (f64.const 40)))
    (local.set $y (f64.convert_i64_s (i64.load (i32.const 64))))
    (local.set $t (call $exp_minus (f64.abs (local.get $eta))))
    (local.set $h (f64.div (f64.const 1) (f64.add (f64.const 1) (local.get $t))))
    (i64.store (i32.const 0x20018)
      (i64.trunc_sat_f64_s
        (f64.nearest
          (f64.mul
            (f64.mul (local.get $unit) (f64.const 0x1p-6))
            (f64.add
              (f64.sub (f64.max (local.get $eta) (f64.const 0)) (f64.mul (local.get $y) (local.get $eta)))
              (call $ln_one_plus (local.get $t)))))))
    (local.set $g
      (f64.mul (local.get $unit)
        (f64.sub (local.get $y)
          (select (local.get $h) (f64.mul (local.get $t) (local.get $h)) (f64.ge (local.get $eta) (f64.const 0))))))
    (local.set $w (f64.mul (local.get $unit) (f64.mul (f64.mul (local.get $t) (local.get $h)) (local.get $h))))

    ;; The gradient.
    (local.set $slot (i32.const 0x20020))
    (local.set $p (local.get $z))
    (loop $each
      (i64.store (local.get $slot)
        (i64.trunc_sat_f64_s (f64.nearest (f64.mul (local.get $g) (f64.load (local.get $p))))))
      (local.set $slot (i32.add (local.get $slot) (i32.const 8)))
      (br_if $each
        (i32.le_u (local.tee $p (i32.add (local.get $p) (i32.const 8))) (local.get $z_end))))
    ;; The information.
    (local.set $p (local.get $z))
    (loop $first
      (local.set $x (f64.mul (local.get $w) (f64.load (local.get $p))))
      (local.set $q (local.get $p))
      (loop $second
        (i64.store (local.get $slot)
          (i64.trunc_sat_f64_s (f64.nearest (f64.mul (local.get $x) (f64.load (local.get $q))))))
        (local.set $slot (i32.add (local.get $slot) (i32.const 8)))
        (br_if $second
          (i32.le_u (local.tee $q (i32.add (local.get $q) (i32.const 8))) (local.get $z_end))))
      (br_if $first
        (i32.le_u (local.tee $p (i32.add (local.get $p) (i32.const 8))) (local.get $z_end))))))
