;; Every function of the interface but fail; 256 operations for each call, 6,400 for read and 16,640 for input.
(module
  (import "alita" "emit" (func $emit (param i32 i32)))
  (import "alita" "columns" (func $columns (result i32)))
  (import "alita" "length" (func $length (result i32)))
  (import "alita" "input" (func $input (param i32 i32) (result i32)))
  (import "alita" "next" (func $next (result i32)))
  (import "alita" "read" (func $read (param i32 i32 i32)))
  (memory (export "memory") 1)

  (func (export "run") (local $rows i32)
    (i64.store (i32.const 0) (i64.extend_i32_u (i32.add (i32.mul (i32.const 100) (call $columns)) (call $length))))
    (i64.store (i32.const 8) (i64.extend_i32_u (call $input (i32.const 64) (i32.const 4))))
    (i64.store (i32.const 8) (i64.add (i64.load (i32.const 8)) (i64.load (i32.const 64))))
    (block $done
      (loop $l
        (br_if $done (i32.eqz (local.tee $rows (call $next))))
        (call $read (i32.const 0) (i32.const 128) (i32.const 8448))
        (i64.store (i32.const 16) (i64.add (i64.load (i32.const 16)) (i64.extend_i32_u (local.get $rows))))
        (i64.store (i32.const 24) (i64.add (i64.load (i32.const 24)) (i64.load (i32.const 128))))
        (br $l)))
    (call $emit (i32.const 0) (i32.const 4))))
