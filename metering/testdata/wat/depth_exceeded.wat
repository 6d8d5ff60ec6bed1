;; 1001 calls below run: one too many.
(module
  (import "alita" "emit" (func $emit (param i32 i32)))
  (memory (export "memory") 1)

  (func $down (param $n i32) (result i32)
    (if (result i32) (local.get $n)
      (then (i32.add (i32.const 1) (call $down (i32.sub (local.get $n) (i32.const 1)))))
      (else (i32.const 0))))
  (func (export "run") (i64.store (i32.const 0) (i64.extend_i32_u (call $down (i32.const 1000)))) (call $emit (i32.const 0) (i32.const 4))))
