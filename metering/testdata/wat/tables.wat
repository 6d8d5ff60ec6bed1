;; Every table instruction. The surcharge is 256 + 24 n for grow by 100, 64 + n for fill of 17, copy of 16 and init of 2, and 256 for each of
;; two ref.func: 3,395 operations.
(module
  (import "alita" "emit" (func $emit (param i32 i32)))
  (memory (export "memory") 1)

  (type $t (func (result i64)))
  (table $tab 4 funcref)
  (elem $e func $one $two)
  (func $one (result i64) (i64.const 1)) (func $two (result i64) (i64.const 2))
  (func (export "run")
    (i64.store (i32.const 0) (i64.extend_i32_s (table.grow $tab (ref.func $two) (i32.const 100))))
    (table.fill $tab (i32.const 20) (ref.func $one) (i32.const 17))
    (table.copy (i32.const 60) (i32.const 30) (i32.const 16))
    (table.init $e (i32.const 0) (i32.const 0) (i32.const 2))
    (elem.drop $e)
    (table.set $tab (i32.const 2) (table.get $tab (i32.const 1)))
    (i64.store (i32.const 8) (i64.extend_i32_u (table.size $tab)))
    (i64.store (i32.const 16) (i64.add (call_indirect (type $t) (i32.const 2)) (i64.mul (i64.const 10) (call_indirect (type $t) (i32.const 66)))))
    (i64.store (i32.const 24) (i64.extend_i32_u (ref.is_null (table.get $tab (i32.const 3)))))
    (call $emit (i32.const 0) (i32.const 4))))
