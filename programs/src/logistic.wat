;; logistic: one Newton step of a logistic regression: gradient, information matrix and log-likelihood at given coefficients.
;;
;; Column 0 is the response, 0 or 1; columns 1 to k-1 are the predictors. Only rows without a missing cell count. A predictor x
;; enters as z = min(1, v * scale) with v = x or v = ln(x + shift); z_0 = 1 is the intercept. The input's program bytes, all of
;; 8 bytes and little-endian:
;;   f           i64  fraction bits of the sums, 8 to 46
;;   b           i64  bits of a slot, 9 to 62
;;   for each predictor:
;;     shift     i64  0 for v = x, else 1 to 2^40 for v = ln(x + shift)
;;     scale     f64  above 0, at most 2^40
;;   k times
;;     beta      f64  coefficients of z_0 to z_(k-1), at most 2^40 in size
;; Slots, with eta = sum of beta_j z_j cut off at -40 and 40, p = 1 / (1 + exp(-eta)):
;;   0           rows that count
;;   1           rows left out because a cell is missing
;;   2           sum of 2^(f-6) times -(y ln p + (1 - y) ln(1 - p))
;;   3 + j       2^(b-1) + sum of 2^f (y - p) z_j, for j = 0 to k-1
;;   then        sum of 2^f p (1 - p) z_i z_j, for i = 0 to k-1, j = i to k-1
;; Each row's part is rounded to a whole number by itself, so the sum over rows does not depend on their order or owner.
;; The arithmetic is IEEE 754 double precision, + - * / and rounding only, in a fixed order: the same everywhere.
;; The number of executed instructions depends on rows, columns and slots only.
;;
;; Fails with 1 if a response is above 1, a predictor 2^52 or more, a slot not in [0, 2^b), or there are 2^(62-f) rows or more, with 2 if the job's shape is not
;; 2 <= k <= 64, L = k (k + 1) / 2 + k + 3, with 3 if the input is not as above.
(module
  (import "alita" "columns" (func $columns (result i32)))
  (import "alita" "length" (func $length (result i32)))
  (import "alita" "input" (func $input (param i32 i32) (result i32)))
  (import "alita" "next" (func $next (result i32)))
  (import "alita" "read" (func $read (param i32 i32 i32)))
  (import "alita" "emit" (func $emit (param i32 i32)))
  (import "alita" "fail" (func $fail (param i32)))

  ;; 0: z_0 to z_63, 8192 bytes each; z_0 is 1 for rows that count, else 0. 0x80000: the response as read, then 2^f (y - p).
  ;; 0x82000: 1 for rows that count, else 0, as integers. 0x84000: eta, then 2^f p (1 - p). 0x86000: that times z_i.
  ;; 0x88000: validity of a column. 0x90000: the slots. 0xa0000: the input.
  (memory (export "memory") 12 12)

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

  (func (export "run")
    (local $k i32) (local $size i32) (local $own i32) (local $at i32) (local $stop i32) (local $rows i32) (local $end i32)
    (local $column i32) (local $other i32) (local $last i32) (local $p i32) (local $q i32) (local $valid i32) (local $slot i32)
    (local $f i64) (local $b i64) (local $shift i64) (local $u i64) (local $sum i64) (local $all i64) (local $count i64) (local $loss i64)
    (local $unit f64) (local $scale f64) (local $beta f64) (local $x f64) (local $eta f64) (local $y f64)
    (local $t f64) (local $h f64) (local $loss_unit f64)
    (local $bad i32)
    (local $above_one i64)  ;; all responses, or-ed
    (local $wide i64)       ;; all predictors, or-ed
    (local $over i64)       ;; what does not fit the slots, or-ed

    (local.set $k (call $columns))
    (if (i32.or
          (i32.gt_u (i32.sub (local.get $k) (i32.const 2)) (i32.const 62))
          (i32.ne
            (call $length)
            (i32.add
              (i32.shr_u (i32.mul (local.get $k) (i32.add (local.get $k) (i32.const 1))) (i32.const 1))
              (i32.add (local.get $k) (i32.const 3)))))
      (then (call $fail (i32.const 2))))
    ;; The length of the header stands at byte 4 of the input; the program's bytes, 24 k, follow the header and end the input.
    (local.set $size (call $input (i32.const 0xa0000) (i32.const 65536)))
    (local.set $own (i32.load (i32.const 0xa0004)))
    (if (i32.or
          (i32.gt_u (local.get $size) (i32.const 4096))
          (i32.ne (i32.add (local.get $own) (i32.mul (local.get $k) (i32.const 24))) (local.get $size)))
      (then (call $fail (i32.const 3))))
    (local.set $own (i32.add (local.get $own) (i32.const 0xa0000)))
    (local.set $f (i64.load (local.get $own)))
    (local.set $b (i64.load offset=8 (local.get $own)))
    (local.set $bad
      (i32.or
        (i64.gt_u (i64.sub (local.get $f) (i64.const 8)) (i64.const 38))
        (i64.gt_u (i64.sub (local.get $b) (i64.const 9)) (i64.const 53))))
    (local.set $own (i32.add (local.get $own) (i32.const 16)))
    ;; Shifts and scales.
    (local.set $at (local.get $own))
    (local.set $stop (i32.add (local.get $own) (i32.shl (i32.sub (local.get $k) (i32.const 1)) (i32.const 4))))
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
    (if (local.get $bad)
      (then (call $fail (i32.const 3))))
    (local.set $unit (f64.convert_i64_u (i64.shl (i64.const 1) (local.get $f))))
    (local.set $loss_unit (f64.mul (local.get $unit) (f64.const 0x1p-6)))
    (local.set $last (i32.shl (local.get $k) (i32.const 13)))

    (block $done
      (loop $batches
        (br_if $done (i32.eqz (local.tee $rows (call $next))))
        (local.set $end (i32.shl (local.get $rows) (i32.const 3)))
        (local.set $all (i64.add (local.get $all) (i64.extend_i32_u (local.get $rows))))

        ;; The response, and whether its row counts so far.
        (call $read (i32.const 0) (i32.const 0x80000) (i32.const 0x88000))
        (local.set $p (i32.const 0))
        (local.set $valid (i32.const 0x88000))
        (loop $each_row
          (local.set $above_one (i64.or (local.get $above_one) (i64.load offset=0x80000 (local.get $p))))
          (i64.store offset=0x82000 (local.get $p) (i64.load8_u (local.get $valid)))
          (local.set $valid (i32.add (local.get $valid) (i32.const 1)))
          (br_if $each_row
            (i32.lt_u (local.tee $p (i32.add (local.get $p) (i32.const 8))) (local.get $end))))

        ;; The predictors, transformed and scaled.
        (local.set $column (i32.const 8192))
        (local.set $at (local.get $own))
        (loop $each_column
          (call $read (i32.shr_u (local.get $column) (i32.const 13)) (local.get $column) (i32.const 0x88000))
          (local.set $shift (i64.load (local.get $at)))
          (local.set $scale (f64.load offset=8 (local.get $at)))
          (local.set $p (i32.const 0))
          (local.set $q (local.get $column))
          (local.set $valid (i32.const 0x88000))
          (loop $each_row
            (local.set $u (i64.load (local.get $q)))
            (local.set $wide (i64.or (local.get $wide) (local.get $u)))
            (local.set $u (i64.add (local.get $u) (local.get $shift)))
            (f64.store (local.get $q)
              (f64.min
                (f64.mul
                  (select
                    (f64.convert_i64_s (local.get $u))
                    (call $ln (local.get $u))
                    (i64.eqz (local.get $shift)))
                  (local.get $scale))
                (f64.const 1)))
            (i64.store offset=0x82000 (local.get $p)
              (i64.and (i64.load offset=0x82000 (local.get $p)) (i64.load8_u (local.get $valid))))
            (local.set $valid (i32.add (local.get $valid) (i32.const 1)))
            (local.set $q (i32.add (local.get $q) (i32.const 8)))
            (br_if $each_row
              (i32.lt_u (local.tee $p (i32.add (local.get $p) (i32.const 8))) (local.get $end))))
          (local.set $at (i32.add (local.get $at) (i32.const 16)))
          (br_if $each_column
            (i32.lt_u (local.tee $column (i32.add (local.get $column) (i32.const 8192))) (local.get $last))))

        ;; z_0, the rows that count, and eta begins.
        (local.set $beta (f64.load (local.get $at)))
        (local.set $p (i32.const 0))
        (loop $each_row
          (local.set $u (i64.load offset=0x82000 (local.get $p)))
          (local.set $count (i64.add (local.get $count) (local.get $u)))
          (f64.store (local.get $p) (f64.convert_i64_s (local.get $u)))
          (f64.store offset=0x84000 (local.get $p) (local.get $beta))
          (br_if $each_row
            (i32.lt_u (local.tee $p (i32.add (local.get $p) (i32.const 8))) (local.get $end))))

        ;; Predictors of rows left out become zero; eta.
        (local.set $column (i32.const 8192))
        (loop $each_column
          (local.set $at (i32.add (local.get $at) (i32.const 8)))
          (local.set $beta (f64.load (local.get $at)))
          (local.set $p (i32.const 0))
          (local.set $q (local.get $column))
          (loop $each_row
            (local.set $x (f64.mul (f64.load (local.get $q)) (f64.load (local.get $p))))
            (f64.store (local.get $q) (local.get $x))
            (f64.store offset=0x84000 (local.get $p)
              (f64.add (f64.load offset=0x84000 (local.get $p)) (f64.mul (local.get $beta) (local.get $x))))
            (local.set $q (i32.add (local.get $q) (i32.const 8)))
            (br_if $each_row
              (i32.lt_u (local.tee $p (i32.add (local.get $p) (i32.const 8))) (local.get $end))))
          (br_if $each_column
            (i32.lt_u (local.tee $column (i32.add (local.get $column) (i32.const 8192))) (local.get $last))))

        ;; What each row gives. With t = exp(-|eta|), h = 1 / (1 + t): p is h or t h, p (1 - p) is t h^2,
        ;; -ln of the likelihood is max(eta, 0) - y eta + ln(1 + t).
        (local.set $p (i32.const 0))
        (loop $each_row
          (local.set $eta
            (f64.min (f64.max (f64.load offset=0x84000 (local.get $p)) (f64.const -40)) (f64.const 40)))
          (local.set $y (f64.convert_i64_s (i64.load offset=0x80000 (local.get $p))))
          (local.set $t (call $exp_minus (f64.abs (local.get $eta))))
          (local.set $h (f64.div (f64.const 1) (f64.add (f64.const 1) (local.get $t))))
          (local.set $loss
            (i64.add (local.get $loss)
              (i64.trunc_sat_f64_s
                (f64.nearest
                  (f64.mul
                    (f64.mul (local.get $loss_unit) (f64.load (local.get $p)))
                    (f64.add
                      (f64.sub (f64.max (local.get $eta) (f64.const 0)) (f64.mul (local.get $y) (local.get $eta)))
                      (call $ln_one_plus (local.get $t))))))))
          (f64.store offset=0x80000 (local.get $p)
            (f64.mul (local.get $unit)
              (f64.sub (local.get $y)
                (select
                  (local.get $h)
                  (f64.mul (local.get $t) (local.get $h))
                  (f64.ge (local.get $eta) (f64.const 0))))))
          (f64.store offset=0x84000 (local.get $p)
            (f64.mul (local.get $unit) (f64.mul (f64.mul (local.get $t) (local.get $h)) (local.get $h))))
          (br_if $each_row
            (i32.lt_u (local.tee $p (i32.add (local.get $p) (i32.const 8))) (local.get $end))))

        ;; The gradient, and per column the information with it and those after it.
        (local.set $slot (i32.const 0x90018))
        (local.set $at (i32.add (local.get $slot) (i32.shl (local.get $k) (i32.const 3))))
        (local.set $column (i32.const 0))
        (loop $first
          (local.set $sum (i64.load (local.get $slot)))
          (local.set $p (i32.const 0))
          (local.set $q (local.get $column))
          (loop $each_row
            (local.set $x (f64.load (local.get $q)))
            (local.set $sum
              (i64.add (local.get $sum)
                (i64.trunc_sat_f64_s
                  (f64.nearest (f64.mul (f64.load offset=0x80000 (local.get $p)) (local.get $x))))))
            (f64.store offset=0x86000 (local.get $p)
              (f64.mul (f64.load offset=0x84000 (local.get $p)) (local.get $x)))
            (local.set $q (i32.add (local.get $q) (i32.const 8)))
            (br_if $each_row
              (i32.lt_u (local.tee $p (i32.add (local.get $p) (i32.const 8))) (local.get $end))))
          (i64.store (local.get $slot) (local.get $sum))
          (local.set $slot (i32.add (local.get $slot) (i32.const 8)))
          (local.set $other (local.get $column))
          (loop $second
            (local.set $sum (i64.load (local.get $at)))
            (local.set $p (i32.const 0))
            (local.set $q (local.get $other))
            (loop $each_row
              (local.set $sum
                (i64.add (local.get $sum)
                  (i64.trunc_sat_f64_s
                    (f64.nearest
                      (f64.mul (f64.load offset=0x86000 (local.get $p)) (f64.load (local.get $q)))))))
              (local.set $q (i32.add (local.get $q) (i32.const 8)))
              (br_if $each_row
                (i32.lt_u (local.tee $p (i32.add (local.get $p) (i32.const 8))) (local.get $end))))
            (i64.store (local.get $at) (local.get $sum))
            (local.set $at (i32.add (local.get $at) (i32.const 8)))
            (br_if $second
              (i32.lt_u (local.tee $other (i32.add (local.get $other) (i32.const 8192))) (local.get $last))))
          (br_if $first
            (i32.lt_u (local.tee $column (i32.add (local.get $column) (i32.const 8192))) (local.get $last))))

        ;; A row gives at most 2^f to a slot, so nothing overflows as long as there are fewer than 2^(62-f) rows.
        (local.set $over
          (i64.or (local.get $over)
            (i64.shr_u (local.get $all) (i64.sub (i64.const 62) (local.get $f)))))
        (br $batches)))

    (i64.store (i32.const 0x90000) (local.get $count))
    (i64.store (i32.const 0x90008) (i64.sub (local.get $all) (local.get $count)))
    (i64.store (i32.const 0x90010) (local.get $loss))
    (local.set $slot (i32.const 0x90018))
    (local.set $stop (i32.add (local.get $slot) (i32.shl (local.get $k) (i32.const 3))))
    (loop $each
      (i64.store (local.get $slot)
        (i64.add
          (i64.load (local.get $slot))
          (i64.shl (i64.const 1) (i64.sub (local.get $b) (i64.const 1)))))
      (br_if $each
        (i32.lt_u (local.tee $slot (i32.add (local.get $slot) (i32.const 8))) (local.get $stop))))
    (local.set $slot (i32.const 0x90000))
    (local.set $stop (i32.add (local.get $slot) (i32.shl (call $length) (i32.const 3))))
    (loop $each
      (local.set $over
        (i64.or (local.get $over) (i64.shr_u (i64.load (local.get $slot)) (local.get $b))))
      (br_if $each
        (i32.lt_u (local.tee $slot (i32.add (local.get $slot) (i32.const 8))) (local.get $stop))))
    (if (i64.ne
          (i64.or
            (i64.or (local.get $over) (i64.shr_u (local.get $above_one) (i64.const 1)))
            (i64.shr_u (local.get $wide) (i64.const 52)))
          (i64.const 0))
      (then (call $fail (i32.const 1))))
    (call $emit (i32.const 0x90000) (call $length))))
