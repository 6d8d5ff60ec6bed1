;; Blocks in one another, left at different depths.
(module
  (import "alita" "emit" (func $emit (param i32 i32)))
  (memory (export "memory") 1)

  (func $leave (param $n i32) (result i32)
    (block $a (result i32)
      (block $b
        (block $c
          (block $d
            (br_if $d (i32.eqz (local.get $n)))
            (br_if $c (i32.eq (local.get $n) (i32.const 1)))
            (br_if $b (i32.eq (local.get $n) (i32.const 2)))
            (br $a (i32.const 30)))
          (nop)
          (br $b))
        (br $a (i32.const 10)))
      (i32.const 20)))
  (func (export "run")
    (i64.store (i32.const 0) (i64.extend_i32_u (call $leave (i32.const 0))))
    (i64.store (i32.const 8) (i64.extend_i32_u (call $leave (i32.const 1))))
    (i64.store (i32.const 16) (i64.extend_i32_u (call $leave (i32.const 2))))
    (i64.store (i32.const 24) (i64.extend_i32_u (call $leave (i32.const 3))))
    (call $emit (i32.const 0) (i32.const 4))))
