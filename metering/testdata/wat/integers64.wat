;; 64-bit arithmetic: xorshift, division, remainders, rotations, counts.
(module
  (import "alita" "emit" (func $emit (param i32 i32)))
  (memory (export "memory") 1)

  (func (export "run") (local $i i32) (local $h i64) (local $s i64)
    (local.set $h (i64.const 0x9e3779b97f4a7c15))
    (loop $l
      (local.set $h (i64.xor (local.get $h) (i64.shl (local.get $h) (i64.const 13))))
      (local.set $h (i64.xor (local.get $h) (i64.shr_u (local.get $h) (i64.const 7))))
      (local.set $h (i64.xor (local.get $h) (i64.shl (local.get $h) (i64.const 17))))
      (local.set $s (i64.add (local.get $s) (i64.rem_s (local.get $h) (i64.const 1000003))))
      (local.set $s (i64.add (local.get $s) (i64.div_u (local.get $h) (i64.const 1000003))))
      (local.set $s (i64.sub (local.get $s) (i64.div_s (local.get $h) (i64.const -77))))
      (local.set $s (i64.rotl (local.get $s) (i64.and (local.get $h) (i64.const 31))))
      (local.set $s (i64.or (local.get $s) (i64.rem_u (local.get $h) (i64.const 5))))
      (br_if $l (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 100))))
    (i64.store (i32.const 0) (i64.and (local.get $s) (i64.const 0x7fffffffffffffff)))
    (i64.store (i32.const 8) (i64.add (i64.clz (i64.const 255)) (i64.add (i64.ctz (i64.const 4096)) (i64.popcnt (local.get $h)))))
    (i64.store (i32.const 16) (i64.extend_i32_u (i32.or (i64.lt_s (local.get $h) (i64.const 0)) (i32.shl (i64.eqz (local.get $s)) (i32.const 1)))))
    (i64.store (i32.const 24) (i64.shr_u (i64.rotr (local.get $h) (i64.const 3)) (i64.const 1)))
    (call $emit (i32.const 0) (i32.const 4))))
