;; Code that cannot be reached, with operations that get injected code.
(module
  (import "alita" "emit" (func $emit (param i32 i32)))
  (memory (export "memory") 1)

  (func $f (result i64)
    (return (i64.const 4))
    memory.grow drop
    (f64.div) (f64.store)
    (memory.fill)
    (call $emit)
    (i64.const 9))
  (func (export "run")
    (i64.store (i32.const 0) (call $f))
    (block $b
      (br $b)
      (loop $l (br_if $l (i32.const 1)))
      (drop (f32.copysign)))
    (block $c
      (br_table $c $c (i32.const 1))
      (if (i32.const 1) (then (call $emit (i32.const 0) (i32.const 0))) (else (unreachable))))
    (call $emit (i32.const 0) (i32.const 4))))
