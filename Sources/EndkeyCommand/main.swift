print("endkey")
