;; Bulk memory. The surcharge is 64 + floor(n/4) for each: fill of 1000 (250), of 63 (15), of 64 (16), of 0 (0), copy of 640 (160),
;; init of 70 (17): 6 * 64 + 458 operations.
(module
  (import "alita" "emit" (func $emit (param i32 i32)))
  (memory (export "memory") 1)

  (data $d "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ!?+-.,:;()=/")
  (func (export "run")
    (memory.fill (i32.const 64) (i32.const 7) (i32.const 1000))
    (memory.fill (i32.const 2000) (i32.const 8) (i32.const 63))
    (memory.fill (i32.const 2100) (i32.const 9) (i32.const 64))
    (memory.fill (i32.const 2100) (i32.const 10) (i32.const 0))
    (memory.copy (i32.const 100) (i32.const 64) (i32.const 640))
    (memory.init $d (i32.const 3000) (i32.const 2) (i32.const 70))
    (data.drop $d)
    (i64.store (i32.const 0) (i64.load8_u (i32.const 739)))
    (i64.store (i32.const 8) (i64.load (i32.const 2096)))
    (i64.store (i32.const 16) (i64.load (i32.const 3000)))
    (call $emit (i32.const 0) (i32.const 4))))
