;; A truncation of a NaN that does not saturate.
(module
  (import "alita" "emit" (func $emit (param i32 i32)))
  (memory (export "memory") 1)

  (func (export "run") (i64.store (i32.const 0) (i64.trunc_f64_s (f64.div (f64.load (i32.const 0)) (f64.load (i32.const 0))))) (call $emit (i32.const 0) (i32.const 4))))
