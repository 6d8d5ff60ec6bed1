;; 32-bit arithmetic and comparisons.
(module
  (import "alita" "emit" (func $emit (param i32 i32)))
  (memory (export "memory") 1)

  (func (export "run") (local $i i32) (local $h i32) (local $s i32)
    (local.set $h (i32.const 0x9e3779b9))
    (loop $l
      (local.set $h (i32.xor (local.get $h) (i32.shl (local.get $h) (i32.const 13))))
      (local.set $h (i32.xor (local.get $h) (i32.shr_u (local.get $h) (i32.const 17))))
      (local.set $h (i32.xor (local.get $h) (i32.shl (local.get $h) (i32.const 5))))
      (local.set $s (i32.add (local.get $s) (i32.rem_s (local.get $h) (i32.const 1003))))
      (local.set $s (i32.sub (local.get $s) (i32.div_u (local.get $h) (i32.const 77))))
      (local.set $s (i32.rotr (local.get $s) (local.get $h)))
      (br_if $l (i32.ne (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 50))))
    (i64.store (i32.const 0) (i64.extend_i32_u (local.get $s)))
    (i64.store (i32.const 8) (i64.extend_i32_u (i32.add (i32.clz (local.get $h)) (i32.add (i32.ctz (local.get $h)) (i32.popcnt (local.get $h))))))
    (i64.store (i32.const 16) (i64.extend_i32_u (i32.add (i32.ge_s (local.get $h) (local.get $s)) (i32.add (i32.gt_u (local.get $h) (local.get $s)) (i32.le_u (local.get $h) (local.get $s))))))
    (call $emit (i32.const 0) (i32.const 4))))
