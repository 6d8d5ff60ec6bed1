;; remember is a row program that tries to keep its cell for the rows that follow: in variables of every type, in its slots and its scratch, at the
;; end of the window and beyond it, among cells, shape and input, and far away in the memory. It does so before it traps, too. Slot 1 is what it
;; remembers, slot 2 the cell. On 13 it traps, on 14 it never ends, on 15 its slots are far out of range, on 16 it calls itself for ever, on 17 it
;; reads outside of the memory, on 18 it traps in a call. Build: wat2wasm remember.wat
(module
  (type $none (func))
  (memory (export "memory") 4 4)
  (global (export "window") i32 (i32.const 0x20000))
  (global (export "scratch") i32 (i32.const 200))
  (global $a (mut i32) (i32.const 1))
  (global $b (mut i64) (i64.const 2))
  (global $c (mut f32) (f32.const 3))
  (global $d (export "d") (mut i64) (i64.const 4))
  (global $e (mut f64) (f64.const 5))
  (table 2 2 funcref)
  (elem (i32.const 0) $trap $descend)
  (data (i32.const 0x20068) "\07\08")
  (func $trap unreachable)
  (func $descend (global.set $a (i32.const 99)) (call_indirect (type $none) (i32.const 1)))

  (func $remembered (result i64)
    (i64.add (i64.extend_i32_u (global.get $a))
    (i64.add (global.get $b)
    (i64.add (i64.trunc_sat_f32_s (global.get $c))
    (i64.add (global.get $d)
    (i64.add (i64.trunc_sat_f64_s (global.get $e))
    (i64.add (i64.load (i32.const 0x20008)) ;; slot 1
    (i64.add (i64.load (i32.const 0x20068)) ;; scratch
    (i64.add (i64.load (i32.const 0x200ff)) ;; the end of the window of 256 bytes, and the guard
    (i64.add (i64.load (i32.const 0x20107)) ;; after the guard
    (i64.add (i64.load (i32.const 0x28000))
    (i64.add (i64.load (i32.const 0x3fff8)) ;; the end of the memory
    (i64.add (i64.load32_u (i32.const 0))
    (i64.add (i64.load (i32.const 72))      ;; the second cell, which is not there
    (i64.add (i64.load8_u (i32.const 0x9001))
             (i64.load (i32.const 0xa000)))))))))))))))))

  (func $note (param $x i64) (local $at i32)
    (global.set $a (i32.wrap_i64 (local.get $x)))
    (global.set $b (local.get $x))
    (global.set $c (f32.convert_i64_s (local.get $x)))
    (global.set $d (local.get $x))
    (global.set $e (f64.convert_i64_s (local.get $x)))
    (i64.store (i32.const 0x20008) (local.get $x))
    (i64.store (i32.const 0x20068) (local.get $x))
    (i64.store (i32.const 0x200ff) (local.get $x))
    (i64.store (i32.const 0x20107) (local.get $x))
    (i64.store (i32.const 0x28000) (local.get $x))
    (i64.store (i32.const 0x3fff8) (local.get $x))
    (i64.store (i32.const -8) (local.get $x))
    (i64.store offset=0xfffffff8 (i32.const -1) (local.get $x))
    (i32.store (i32.const 0) (i32.wrap_i64 (local.get $x)))
    (i64.store (i32.const 72) (local.get $x))
    (i64.store8 (i32.const 0x9001) (local.get $x))
    (i64.store16 (i32.const 0xa000) (local.get $x))
    (f64.store (i32.const 0xa002) (f64.convert_i64_s (local.get $x)))
    (loop $everywhere
      (i64.store32 (local.get $at) (local.get $x))
      (br_if $everywhere (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 97))) (i32.const 0x40000)))))

  (func (export "row") (local $x i64) (local $was i64)
    (local.set $x (i64.load (i32.const 64)))
    (local.set $was (call $remembered))
    (call $note (local.get $x))
    (if (i64.eq (local.get $x) (i64.const 13)) (then unreachable))
    (if (i64.eq (local.get $x) (i64.const 14)) (then (loop $ever (br $ever))))
    (if (i64.eq (local.get $x) (i64.const 16)) (then (call $descend)))
    (if (i64.eq (local.get $x) (i64.const 17)) (then (drop (i64.load (i32.const -1)))))
    (if (i64.eq (local.get $x) (i64.const 18)) (then (call_indirect (type $none) (i32.const 0))))
    (i64.store (i32.const 0x20008) (local.get $was))
    (i64.store (i32.const 0x20010) (local.get $x))
    (if (i64.eq (local.get $x) (i64.const 15))
      (then
        (i64.store (i32.const 0x20008) (i64.const 0x8000000000000000))
        (i64.store (i32.const 0x20010) (i64.const 0x7fffffffffffffff))))))
