;; A switch with fallthrough and a default, one that carries a value, and one of the default alone.
(module
  (import "alita" "emit" (func $emit (param i32 i32)))
  (memory (export "memory") 1)

  (func $switch (param $n i32) (result i64) (local $s i64)
    (block $default
      (block $two
        (block $one
          (block $zero
            (br_table $zero $one $two $default (local.get $n)))
          (local.set $s (i64.add (local.get $s) (i64.const 1))))
        (local.set $s (i64.add (local.get $s) (i64.const 10))))
      (local.set $s (i64.add (local.get $s) (i64.const 100))))
    (local.get $s))
  (func $carry (param $n i32) (result i64)
    (block $x (result i64)
      (i64.add (block $y (result i64) (br_table $x $y (i64.const 7) (local.get $n))) (i64.const 1))))
  (func $alone (param $n i32) (block $x (br_table $x (local.get $n))))
  (func (export "run") (local $i i32)
    (loop $l
      (i64.store (i32.const 0) (i64.add (i64.mul (i64.load (i32.const 0)) (i64.const 1000)) (call $switch (local.get $i))))
      (br_if $l (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 5))))
    (i64.store (i32.const 8) (call $switch (i32.const -1)))
    (i64.store (i32.const 16) (i64.add (call $carry (i32.const 0)) (call $carry (i32.const 99))))
    (call $alone (i32.const 3))
    (call $emit (i32.const 0) (i32.const 4))))
