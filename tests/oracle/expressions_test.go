package oracle_test

// constant is often zero, one or minus one.
func (g *generator) constant() {
	g.op(0x41, []byte{0, 0, 1, 0x7f, byte(g.r.IntN(64)), byte(g.r.IntN(64))}[g.r.IntN(6)])
}

// expression writes code that leaves an i32.
func (g *generator) expression() {
	if !g.spend() {
		g.u(0x20, g.local())
		return
	}
	switch g.r.IntN(12) {
	case 0, 1:
		g.constant()
	case 2, 3, 4:
		g.u(0x20, g.local())
	case 5:
		g.binary()
	case 6:
		g.wide()
	case 7:
		g.op(0x02)
		g.blockType(1)
		g.open(1)
		g.statements()
		g.expression()
		g.close()
	case 8:
		g.op(0x03)
		g.blockType(1)
		g.open(0) // a branch to a loop carries its parameters
		g.guard()
		g.statements()
		g.expression()
		g.close()
	case 9:
		g.expression()
		g.op(0x04)
		g.blockType(1)
		g.open(1)
		g.expression()
		g.op(0x05)
		g.expression()
		g.close()
	case 10:
		g.expression()
		g.expression()
		g.expression()
		g.op(0x1b)
	case 11:
		if g.calls == 0 {
			g.op(0x23, 1)
			return
		}
		g.expression()
		callee := g.self + 1 + g.r.IntN(g.calls)
		if g.chance(1, 2) {
			g.u(0x10, callee)
		} else {
			g.u(0x41, callee-2)
			g.op(0x11, 1, 0)
		}
	}
}

// condition writes an i32 for a branch: half of the time a comparison of a constant or local with the result of an operation, in either
// order, which compilers merge with the branch and the operation.
func (g *generator) condition() {
	if g.chance(1, 2) || !g.spend() {
		g.expression()
		return
	}
	wide, left := g.chance(1, 2), g.chance(1, 2)
	simple := func() {
		if g.chance(1, 2) {
			g.constant()
		} else {
			g.u(0x20, g.local())
		}
		if wide {
			g.op(0xac)
		}
	}
	if left {
		g.value(wide)
	}
	g.operation(simple, wide)
	if !left {
		g.value(wide)
	}
	if wide {
		g.op(0x51 + byte(g.r.IntN(10)))
	} else {
		g.op(0x46 + byte(g.r.IntN(10)))
	}
}

// value writes a constant or, less often, a local.
func (g *generator) value(wide bool) {
	switch small := []byte{0, 0, 1, 0x7f}[g.r.IntN(4)]; {
	case g.chance(1, 4):
		g.u(0x20, g.local())
		if wide {
			g.op(0xad)
		}
	case wide:
		g.op(0x42, small)
	default:
		g.op(0x41, small)
	}
}

// operation writes an operation on two operands, most often an and.
func (g *generator) operation(operand func(), wide bool) {
	operand()
	operand()
	op := []byte{0x71, 0x71, 0x71, 0x6a, 0x6b, 0x72, 0x73, 0x74, 0x75, 0x76}[g.r.IntN(10)]
	if wide {
		op += 0x7c - 0x6a // the operations on 64 bits are in the same order
	}
	g.op(op)
}

// binary writes an operation with two operands of 32 bits: the comparisons, and the arithmetic without division of signed numbers. Divisors are odd.
func (g *generator) binary() {
	g.expression()
	g.expression()
	switch op := byte(g.r.IntN(24)); {
	case op < 10:
		g.op(0x46 + op)
	case op < 12:
		g.op(0x41, 1, 0x72, []byte{0x6e, 0x70}[op-10])
	case op < 15:
		g.op(0x71)
	case op < 18:
		g.op(0x6a + op - 15)
	case op < 23:
		g.op(0x72 + op - 18)
	default:
		g.op(0x78)
	}
}

// wide writes an operation on 64 bits, or one with one operand, a load or a comparison of floats.
func (g *generator) wide() {
	g.expression()
	switch g.r.IntN(8) {
	case 0, 1, 2: // the comparison of a number with the result of an operation
		g.op(0xac)
		g.expression()
		g.op(0xad)
		g.expression()
		g.op(0xac, []byte{0x7c, 0x7d, 0x7e, 0x83, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89}[g.r.IntN(11)])
		g.op(0x51 + byte(g.r.IntN(10)))
	case 3: // the upper half of an operation
		g.op(0xad)
		g.expression()
		g.op(0xac, []byte{0x7c, 0x7d, 0x7e, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8a}[g.r.IntN(11)])
		g.op(0x42, 32, 0x88, 0xa7)
	case 4: // one operand
		g.op([]byte{0x45, 0x67, 0x68, 0x69, 0xc0, 0xc1}[g.r.IntN(6)])
	case 5: // a load from the first 64 bytes
		g.op(0x41, 0x3f, 0x71, []byte{0x28, 0x2c, 0x2d, 0x2e, 0x2f}[g.r.IntN(5)], 0, 0)
	case 6: // the comparison of floats
		g.op(0xb7)
		g.expression()
		g.op(0xb8, 0x61+byte(g.r.IntN(6)))
	case 7: // truncation
		g.op(0xb7)
		g.expression()
		g.op(0xb8, 0xa3, 0xfc, 2+byte(g.r.IntN(2)))
	}
}
