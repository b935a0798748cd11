"""Names on a small map."""

from linli.areas.labels import placed


def test_a_long_name_goes_into_two_lines_cut_between_words_or_syllables():
    english, tibetan, chinese = placed(
        [("Shuklingnang County", 200, 100), ("གསེར་ཐང་སྒོ་རྫོང་།", 200, 300), ("色塘果县", 200, 500)],
        640,
    )
    assert [line.text for line in english.lines] == ["Shuklingnang", "County"]
    assert "".join(line.text for line in tibetan.lines) == "གསེར་ཐང་སྒོ་རྫོང་།"
    assert len(tibetan.lines) == 2
    assert [line.text for line in chinese.lines] == ["色塘果县"]
    assert english.lines[0].y < 100 < english.lines[1].y


def test_a_name_without_room_is_left_out_and_the_more_important_one_stays():
    names = [("第一", 100, 100), ("第二", 105, 104), ("第三", 100, 200), ("第四", 5, 300)]
    assert [label.lines[0].text for label in placed(names, 640)] == ["第一", "第三"]


def test_letters_on_a_narrow_screen_are_larger_and_some_names_give_way():
    near = [("第一", 100, 100), ("第二", 145, 100)]
    assert [label.narrow for label in placed(near, 640)] == [True, False]
