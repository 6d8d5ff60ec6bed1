package metering

func (m *module) elementSection(r *reader) {
	n := r.count("element segments", m.limits.Segments)
	total := 0
	for i := 0; i < n && r.ok(); i++ {
		total += m.elementSegment(r, m.limits.Elements-total)
		m.elements++
	}
}

// elementSegment reads one segment of at most limit entries and returns their number.
func (m *module) elementSegment(r *reader, limit int) int {
	at := r.pos
	flags := r.u32()
	if r.ok() && flags > 7 {
		r.fail(ErrMalformed, at, "flags of an element segment: expected 0 to 7, got %d", flags)
	}
	active := flags&1 == 0
	explicit := flags&2 != 0
	expressions := flags&4 != 0
	var offset uint32
	if active {
		table := uint32(0)
		if explicit {
			table = r.u32()
		}
		if r.ok() && uint64(table) >= uint64(len(m.tables)) {
			r.fail(ErrInvalid, at, "table: expected below %d, got %d", len(m.tables), table)
		}
		offset = m.constant(r, i32)
	}
	if !active || explicit {
		kindAt := r.pos
		if expressions {
			r.refType()
		} else if kind := r.byte(); r.ok() && kind != 0 {
			r.fail(ErrMalformed, kindAt, "kind of elements: expected 0, got %d", kind)
		}
	}
	n := r.count("elements", limit)
	for i := 0; i < n && r.ok(); i++ {
		itemAt := r.pos
		if expressions {
			m.constant(r, funcref)
		} else {
			f := r.u32()
			m.declare(r, span{itemAt, r.pos}, f)
		}
	}
	if r.ok() && active && uint64(offset)+uint64(n) > uint64(m.tables[0].min) {
		r.fail(ErrInvalid, at, "end of the elements: expected at most %d, the size of the table, got %d", m.tables[0].min, uint64(offset)+uint64(n))
	}
	return n
}

func (m *module) dataSection(r *reader) {
	at := r.pos
	n := r.count("data segments", m.limits.Segments)
	if r.ok() && m.dataCount >= 0 && n != m.dataCount {
		r.fail(ErrMalformed, at, "data segments: expected %d, as announced, got %d", m.dataCount, n)
	}
	total := 0
	for i := 0; i < n && r.ok(); i++ {
		total += m.dataSegment(r, m.limits.DataBytes-total)
	}
}

// dataSegment reads one segment of at most limit bytes and returns its length.
func (m *module) dataSegment(r *reader, limit int) int {
	at := r.pos
	flags := r.u32()
	if r.ok() && flags > 2 {
		r.fail(ErrMalformed, at, "flags of a data segment: expected 0 to 2, got %d", flags)
	}
	if r.ok() && flags == 2 {
		if i := r.u32(); r.ok() && i != 0 {
			r.fail(ErrUnsupported, at, "memory: expected the one memory 0, got %d", i)
		}
	}
	var offset uint32
	if r.ok() && flags != 1 {
		if len(m.memories) == 0 {
			r.fail(ErrInvalid, at, "memory of a data segment: expected one, got none")
		}
		offset = m.constant(r, i32)
	}
	n := r.u32()
	if r.ok() && uint64(n) > uint64(limit) {
		r.fail(ErrLimit, at, "bytes of data: expected at most %d, got more", m.limits.DataBytes)
	}
	r.bytes(n)
	if r.ok() && flags != 1 {
		if end, size := uint64(offset)+uint64(n), uint64(m.memories[0].min)*PageSize; end > size {
			r.fail(ErrInvalid, at, "end of the data: expected at most %d, the size of the memory, got %d", size, end)
		}
	}
	return int(n)
}
