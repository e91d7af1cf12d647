"""What Django leaves open for Arabic: in most countries where it is read, a week begins on Saturday."""

FIRST_DAY_OF_WEEK = 6
